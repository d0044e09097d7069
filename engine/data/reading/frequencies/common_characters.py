"""The characters that are common in Chinese, Japanese and Korean, above all in names.

Each list has, in no strict order, characters that make up most of a usual text or list of names in
the language. They are known from lists of the commonest family and given names, and of the
commonest characters of newspapers.
"""

import math
from collections.abc import Iterable

_CHINESE = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没"
    "日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理"
    "美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北"
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金"
    "石戴贾韦夏邱侯邹熊孟秦白江阎薛尹段雷钱汤黎史龙陶贺顾毛郝龚邵万覃武莫孔康易常赖严牛洪"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀英华玉兰红霞刚桂辉飞建志鹏婷雪琴云凤洁梅琳素莲环荣爱妹香莺媛瑞凡佳嘉勤珍贞莉颖倩欣怡梦"
    "佩宇浩晨宁轩子涵博帅彬鑫宝斌波兵春德东峰福光贵国海健俊凯坤亮林龙鸣楠宁鹏琪琦庆仁森胜思松涛婷"
    "京津沪州广深圳南武汉成都重庆安山河湖港台"
)
_TRADITIONAL = (
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒"
    "日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理"
    "王李張劉陳楊黃趙吳周徐孫馬朱胡林郭何羅鄭梁謝宋唐許鄧馮韓曹曾彭蕭蔡潘田董袁余葉蔣杜蘇魏程呂丁沈任姚盧傅鍾姜崔譚廖范汪陸金"
    "石戴賈韋夏邱侯鄒熊孟秦白江閻薛尹段雷錢湯黎史龍陶賀顧毛郝龔邵萬武莫孔康賴嚴洪簡游詹"
    "怡君雅婷志明淑芬美惠俊傑家豪建宏承翰冠宇佳穎欣宜靜雯心瑋詩涵文雄麗華玲娟芳秀英玉珍惠雪貞偉哲彥廷柏翰宗信育嘉雅琪婉如"
    "臺北高雄新竹中南東西花蓮宜蘭屏桃園嘉義基隆港"
)
_JAPANESE = (
    "のにはをたがでてとしれさあいうえおかきくけこすせそちつなぬねひふへほまみむめもやゆよらりるろわんっゃゅょだじずげごどぶべぼばび"
    "ぎぐざぜぞぢづぱぴぷぺぽァアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンッャュョーガギグゲゴ"
    "ザジズゼゾダヂヅデドバビブベボパピプペポ"
    "田中山本川村木林井上藤佐高野島大小松石原橋清水口谷西北南東加伊渡辺吉斉斎長岡崎前後平岩近遠森青金内今武安永福新宮千葉久保市三"
    "浦坂和美子一郎太次男雄恵由紀真裕香奈直樹健明陽介拓也翔輔浩康里花沢阿部鈴坂酒池阪丸杉河服菊菅桜工関根津廣広河笹荒柴堀関尾"
    "幸淳洋修学聡徹亮舞結衣七夏実希優愛春秋智知代晃裕樹桃京都府県人日年月国出会"
)
_KOREAN = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지준현수영은도예원호재경미혜숙자순희철상동훈기"
    "태석광선나라인가의에는을를로다사시아일대해부산울천제충북세종평창포목여군병규찬환건혁승용연옥정화춘란빈율채봄소리람별솔"
    "는이가고그것들와과도만면서할수있없때말보여러어니요습"
)

_LISTS = {
    "gb18030": (_CHINESE, -10.5),
    "big5": (_TRADITIONAL, -10.5),
    "shift_jis": (_JAPANESE, -10.5),
    "euc_jp": (_JAPANESE, -10.5),
    "euc_kr": (_KOREAN, -9.0),
}
"""The common characters of each encoding of two bytes a character, and the log of the frequency of
another one.
"""

_COMMON_SHARE = 0.75
_RARE = -13.0
"""Log of the frequency of a character that stands among the rarer ones of the encoding."""

_COMMON_BYTES = {
    "gb18030": (0xB0, 0xD7),
    "big5": (0xA4, 0xC6),
    "shift_jis": (0x82, 0x97),
    "euc_jp": (0xA4, 0xCF),
    "euc_kr": (0xB0, 0xC8),
}
"""The first bytes of the commoner characters, which stand apart from the rarer ones."""

_LETTER = -6.0
"""Log of the frequency of a Latin letter or a digit beside such characters."""


def has_common_characters(encoding: str) -> bool:
    """Tell whether there is a list for an encoding."""
    return encoding in _LISTS


def log_frequency(words: Iterable[str], encoding: str) -> float:
    """Return the sum of the logs of the frequencies of all characters of words, in nats.

    Parameters
    ----------
    words : iterable of str
    encoding : str
        The name of a codec for which `has_common_characters`.
    """
    listed, other = _LISTS[encoding]
    common = frozenset(listed)
    usual = math.log(_COMMON_SHARE / len(common))
    first, last = _COMMON_BYTES[encoding]
    total = 0.0
    for word in words:
        for character in word:
            if character in common:
                total += usual
            elif character.isascii():
                total += _LETTER
            else:
                lead = character.encode(encoding)[0]
                total += other if first <= lead <= last else _RARE
    return total
