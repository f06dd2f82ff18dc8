"""Topics for reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.tag.tagger import Tags
from chipreel.tag.topics import TOPICS


@pytest.mark.parametrize(
    ("english", "chinese", "topic"),
    [
        ("OpenAI releases a new language model", "OpenAI发布新语言模型", "model-release"),
        ("Huawei launches a foldable phone", "华为推出折叠屏手机", "product"),
        ("Cerebras raises $1 billion at a higher valuation", "壁仞完成新一轮融资，估值上升", "funding"),
        ("Nvidia revenue and profit beat the forecast this quarter", "英伟达季度营收与净利润均超预期", "earnings"),
        ("TSMC expands advanced packaging of HBM chips", "台积电扩产先进封装与HBM芯片", "chips-supply"),
        ("Washington tightens export controls", "美国收紧出口管制", "policy"),
        ("Authors sue over copyright", "作家就版权提起诉讼", "courts"),
        ("The chief scientist leaves, a co-founder joins", "首席科学家离职，联合创始人加盟", "people"),
        ("Researchers publish a paper on a new algorithm", "研究团队发表论文，提出新算法", "research"),
        ("Zhipu open-sources its new model GLM-5", "智谱开源新模型GLM-5", "model-release"),
        ("Google unveils Gemini 4, its latest language model", "谷歌发布新一代语言模型Gemini 4", "model-release"),
        ("Kling 3.0 video generation model now available", "可灵3.0视频生成模型正式上线", "model-release"),
        ("Xiaomi launches new earbuds and a tablet", "小米推出新款耳机和平板", "product"),
        ("Apple announces a cheaper laptop", "苹果发布更便宜的笔记本", "product"),
        ("Samsung debuts a smartwatch with a brighter display", "三星发布屏幕更亮的手表", "product"),
        ("SoftBank leads a funding round in a robot start-up", "软银领投一家机器人公司的新一轮融资", "funding"),
        ("Moore Threads files for an IPO", "摩尔线程递交招股书，拟IPO上市", "funding"),
        ("AMD acquires a small compiler company", "AMD收购一家编译器公司", "funding"),
        ("Micron reports record quarterly revenue", "美光季度营收创新高", "earnings"),
        ("Intel posts a net loss and gives weak guidance", "英特尔亏损，业绩指引疲弱", "earnings"),
        ("Cambricon shares surge to a record market value", "寒武纪股价大涨，市值创新高", "earnings"),
        ("SMIC adds capacity at its wafer fab", "中芯国际晶圆厂扩产", "chips-supply"),
        ("SK Hynix ships HBM4 memory samples", "SK海力士送样HBM4内存", "chips-supply"),
        ("CoreWeave opens a data center with 100,000 GPUs", "CoreWeave启用十万张GPU的数据中心", "chips-supply"),
        ("The White House weighs new chip export controls on China", "白宫考虑新的对华芯片出口管制", "policy"),
        ("The EU delays parts of the AI Act", "欧盟推迟人工智能法案部分条款", "policy"),
        (
            "Lawmakers introduce legislation to ban Chinese AI from government devices",
            "议员提出法案，禁止政府设备使用中国AI",
            "policy",
        ),
        ("Disney sues Midjourney for copyright infringement", "迪士尼起诉Midjourney侵犯版权", "courts"),
        ("Judge dismisses a patent lawsuit against Samsung", "法院驳回针对三星的专利诉讼", "courts"),
        ("Antitrust investigation into Nvidia widens", "英伟达反垄断调查扩大", "courts"),
        ("Meta poaches three researchers from OpenAI", "Meta从OpenAI挖走三名研究员", "people"),
        ("Intel to lay off a fifth of its workforce", "英特尔裁员两成员工", "people"),
        ("xAI's chief financial officer steps down", "xAI首席财务官离职", "people"),
        ("DeepSeek's paper describes a new attention architecture", "DeepSeek论文提出新的注意力架构", "research"),
        (
            "A study from Tencent shows a faster algorithm for video diffusion",
            "腾讯研究团队提出更快的视频扩散算法",
            "research",
        ),
        ("NVIDIA scientists publish a preprint on arXiv", "英伟达科学家发表论文预印本", "research"),
        ("Opinion: why Nvidia should worry about custom chips", "观点：英伟达为什么该担心定制芯片", "opinion"),
        ("Opinion: the case against buying more GPUs", "评论：为何不该再买更多GPU", "opinion"),
        ("What the rise of Sora means for film: an essay", "Sora走红意味着什么？一个剪辑师的思考", "opinion"),
    ],
)
def test_topics_in_both_languages(tag: Callable[..., Tags], english: str, chinese: str, topic: str) -> None:
    """The same news has the same topic in English and in Chinese."""
    assert topic in tag(english).topics
    assert topic in tag(chinese).topics


def test_topics_come_in_one_order(tag: Callable[..., Tags]) -> None:
    """Several may hold, always in the order in which they are shown."""
    topics = tag("OpenAI sues over a paper: funding, export controls, CEO leaves, new model released").topics
    assert list(topics) == [topic for topic in TOPICS if topic in topics]
    assert len(topics) > 2
