"""The template of an edition in HTML, and its styles.

Mail programs drop what stands in the head, so every style stands on its element; what only some of them know (dark
mode, small screens) stands in the head as well and is no loss where it is dropped.
"""

from __future__ import annotations

_SANS = "-apple-system,'Segoe UI',Roboto,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"

#: Name of a part → its style.
STYLES: dict[str, str] = {
    "body": f"margin:0;padding:0;background:#f4f4f1;color:#1d1d1b;font:16px/1.5 {_SANS}",
    "page": "max-width:680px;margin:0 auto;padding:20px 18px 40px;background:#ffffff",
    "title": "font-size:22px;line-height:1.3;margin:0 0 2px;font-weight:700",
    "quiet": "color:#6b6b66;font-size:14px;margin:0 0 6px",
    "notice": "border-left:3px solid #b3261e;padding:4px 10px;margin:8px 0;color:#b3261e;font-size:14px",
    "section": "font-size:13px;letter-spacing:.06em;text-transform:uppercase;color:#0a6259;"
    "border-top:2px solid #0a6259;margin:26px 0 8px;padding-top:8px;font-weight:700",
    "group": "font-size:15px;font-weight:700;margin:14px 0 2px;color:#444440",
    "entry": "margin:0 0 18px",
    "headline": "font-size:18px;line-height:1.35;margin:0 0 4px;font-weight:600;overflow-wrap:anywhere",
    "small": "font-size:16px;line-height:1.4;margin:0 0 3px;font-weight:600;overflow-wrap:anywhere",
    "link": "color:#0b4f8a;text-decoration:underline",
    "mark": "background:#fde9c4;color:#6b4300;border-radius:3px;padding:0 6px;font-size:13px;font-weight:600",
    "line": "margin:0 0 4px;overflow-wrap:anywhere",
    "said": "margin:4px 0;padding-left:10px;border-left:3px solid #c9c9c2;color:#3d3d39;overflow-wrap:anywhere",
    "sum": "margin:2px 0;color:#3d3d39;font-size:15px",
    "outlets": "margin:3px 0;font-size:14px;color:#6b6b66;overflow-wrap:anywhere",
    "why": "margin:0;font-size:13px;color:#6b6b66",
    "list": "margin:0;padding-left:18px",
    "table": "border-collapse:collapse;font-size:14px;width:100%",
    "head": "text-align:left;font-weight:600;color:#6b6b66;padding:2px 8px 2px 0;border-bottom:1px solid #ddddd6",
    "cell": "padding:3px 8px 3px 0;border-bottom:1px solid #ecece6",
    "number": "padding:3px 8px 3px 0;border-bottom:1px solid #ecece6;text-align:right;"
    "font-variant-numeric:tabular-nums",
}

TEMPLATE = """\
{% macro linked(text, url, style) -%}
{% if url is web_url %}<a href="{{ url }}" style="{{ style }}" class="link"
 rel="noopener noreferrer">{{ text|line }}</a>
{%- else %}{{ text|line }}{% endif %}
{%- endmacro %}
{% macro said(one) -%}
<p style="{{ s.said }}" class="soft">“{{ one.text|line }}” — {{ linked(one.speaker, one.url, s.link) }}
{% if one.outlets %}<span class="quiet">({{ one.outlets }})</span>{% endif %}</p>
{%- endmacro %}
{% macro entry(one, is_top) -%}
<div style="{{ s.entry }}" id="{{ one.id }}">
<h3 style="{{ s.headline if is_top else s.small }}"{% if one.lang %} lang="{{ one.lang }}"{% endif %}>
{% if one.mark %}<span style="{{ s.mark }}" class="mark">{{ one.mark }}</span> {% endif %}
{{ linked(one.headline, one.url, s.link) }}</h3>
{% if one.summary %}
<p style="{{ s.line }}">{{ one.summary|line }} <i class="quiet">({{ label('summary') }})</i></p>
{% endif %}
{% for sentence in one.lines %}
<p style="{{ s.line }}"{% if one.lang %} lang="{{ one.lang }}"{% endif %}>{{ sentence|line }}</p>
{% endfor %}
{% for quote in one.said %}{{ said(quote) }}{% endfor %}
{% for sum in one.sums if sum.what %}
<p style="{{ s.sum }}" class="soft"><b>{{ sum.amount|line }}</b> {{ sum.what|line }}</p>
{% endfor %}
<p style="{{ s.outlets }}" class="quiet">
{% for outlet in one.outlets %}
{{ linked(outlet.name, outlet.url, s.link) }} {{ outlet.when }}
{% if outlet.is_updated %}<b>{{ label('updated') }}</b>{% endif %}
{% if not loop.last %} · {% endif %}
{% endfor %}{% if one.more %} · {{ one.more }}{% endif %}</p>
<p style="{{ s.why }}" class="quiet">{{ one.facts }}
{% if one.why %}— {{ label('why') }}{{ one.why|line }}{% endif %}</p>
</div>
{%- endmacro %}
<!DOCTYPE html>
<html lang="{{ 'zh-Hans' if page.lang == 'zh' else 'en' }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ page.title }} · {{ page.day }}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  body { background: #141413 !important; color: #e7e7e2 !important; }
  .page { background: #1d1d1b !important; }
  .link { color: #8cc4ff !important; }
  .quiet { color: #a5a59e !important; }
  .soft, .group { color: #d2d2cb !important; }
  .section { color: #6fd0c3 !important; border-color: #6fd0c3 !important; }
  .mark { background: #5a3d00 !important; color: #ffe2b0 !important; }
  .cell { border-color: #3a3a36 !important; }
  .notice { color: #ff9a92 !important; border-color: #ff9a92 !important; }
}
@media (max-width: 480px) { .page { padding: 14px 12px 30px !important; } }
</style>
</head>
<body style="{{ s.body }}">
<div style="{{ s.page }}" class="page" role="main">
<h1 style="{{ s.title }}">{{ page.title }}</h1>
<p style="{{ s.quiet }}" class="quiet">{{ page.day }}{% if page.covers %}<br>{{ page.covers }}{% endif %}</p>
{% for notice in page.notices %}<p style="{{ s.notice }}" class="notice">{{ notice|line }}</p>{% endfor %}
{% if page.nothing %}<p>{{ page.nothing }}</p>{% endif %}
{% for section in page.sections %}
<h2 style="{{ s.section }}" class="section">{{ section.heading }}</h2>
{% for group in section.groups %}
{% if group.name %}<p style="{{ s.group }}" class="group">{{ group.name|line }}</p>{% endif %}
{% for one in group.entries %}{{ entry(one, not group.name) }}
{% endfor %}
{% endfor %}
{% endfor %}
{% if page.brief %}
<h2 style="{{ s.section }}" class="section">{{ label('brief') }}</h2>
<ul style="{{ s.list }}">
{% for one in page.brief %}
<li id="{{ one.id }}"{% if one.lang %} lang="{{ one.lang }}"{% endif %}>
{% if one.mark %}<span style="{{ s.mark }}" class="mark">{{ one.mark }}</span> {% endif %}
{{ linked(one.headline, one.url, s.link) }}
<span style="{{ s.outlets }}" class="quiet">
{% for outlet in one.outlets %}{{ outlet.name|line }} {{ outlet.when }}{% endfor %}
{% if one.more %} · {{ one.more }}{% endif %}
{% if one.mark and one.why %} · {{ label('why') }}{{ one.why|line }}{% endif %}</span></li>
{% endfor %}
</ul>
{% endif %}
{% if page.said %}
<h2 style="{{ s.section }}" class="section">{{ label('said') }}</h2>
{% for one in page.said %}{{ said(one) }}{% endfor %}
{% endif %}
{% if page.sums %}
<h2 style="{{ s.section }}" class="section">{{ label('sums') }}</h2>
<table style="{{ s.table }}">
{% for one in page.sums %}
<tr><td style="{{ s.cell }}" class="cell"><b>{{ one.amount|line }}</b></td>
<td style="{{ s.cell }}" class="cell">{% if one.what %}{{ linked(one.what, one.url, s.link) }}{% endif %}</td></tr>
{% endfor %}
</table>
{% endif %}
{% if page.found %}
<h2 style="{{ s.section }}" class="section">{{ label('found') }}</h2>
<ul style="{{ s.list }}">
{% for name, title, url, source in page.found %}
<li>{{ name|line }}: {{ linked(title, url, s.link) }} <span class="quiet">({{ source|line }})</span></li>
{% endfor %}
</ul>
{% endif %}
{% if page.numbers %}
<h2 style="{{ s.section }}" class="section">{{ label('numbers') }}</h2>
<p style="{{ s.line }}">
{% for name, value in page.numbers %}
{{ name }} <b>{{ value }}</b>{% if not loop.last %} · {% endif %}

{% endfor %}</p>
{% endif %}
{% if page.shares %}
<h2 style="{{ s.section }}" class="section">{{ label('share') }}</h2>
<table style="{{ s.table }}">
<tr><th style="{{ s.head }}" class="cell quiet">{{ label('share.company') }}</th>
<th style="{{ s.head }};text-align:right" class="cell quiet">{{ label('share.now') }}</th>
<th style="{{ s.head }};text-align:right" class="cell quiet">{{ label('share.usual') }}</th>
<th style="{{ s.head }}" class="cell quiet">{{ label('share.weeks') }}</th></tr>
{% for share in page.shares %}
<tr><td style="{{ s.cell }}" class="cell">{{ share.company|line }}</td>
<td style="{{ s.number }}" class="cell">{{ share.now }}</td>
<td style="{{ s.number }}" class="cell">{{ share.usual }}</td>
<td style="{{ s.cell }}" class="cell">{% set points = share.weeks|points %}
{% if points %}<svg width="84" height="18" viewBox="0 0 84 18" role="img"><title>{{ share.weeks|join(' ') }}</title>
<polyline points="{{ points }}" fill="none" stroke="#0a8f80" stroke-width="1.5"/></svg>{% endif %}</td></tr>
{% endfor %}
</table>
{% endif %}
{% if page.troubles %}
<h2 style="{{ s.section }}" class="section">{{ label('troubles') }}</h2>
<ul style="{{ s.list }}">
{% for name, text in page.troubles %}<li><b>{{ name|line }}</b>: {{ text|line }}</li>
{% endfor %}
</ul>
{% endif %}
{% if page.left_out %}<p style="{{ s.quiet }};margin-top:22px" class="quiet">{{ page.left_out }}</p>{% endif %}
</div>
</body>
</html>"""
