"""The words that the painter knows, in English and Chinese, and how they are found in a text."""

import re
from dataclasses import dataclass
from functools import cache

from comet_magic.demo.painting.colours import NAMED

_THINGS = {
    "cat": "cat kitten kitty kittie tabby 猫 小猫",
    "dog": "dog wolf wolves puppy puppie doggy corgi retriever husky beagle 狗 小狗 犬",
    "fox": "fox foxe vixen 狐狸 狐",
    "rabbit": "rabbit bunny bunnie hare 兔子 兔",
    "bear": "bear teddy cub 熊",
    "panda": "panda 熊猫",
    "lion": "lion lioness 狮子",
    "tiger": "tiger leopard cheetah 老虎 虎",
    "mouse": "mouse mice hamster 老鼠",
    "owl": "owl 猫头鹰",
    "bird": "bird robin sparrow parrot eagle dove pigeon crane swallow finch 鸟 鹤 燕子",
    "penguin": "penguin 企鹅",
    "chick": "chick chicken duck duckling hen 鸡 鸭 鸭子",
    "fish": "fish fishe goldfish koi shark 鱼 金鱼",
    "whale": "whale dolphin 鲸 鲸鱼 海豚",
    "octopus": "octopus octopi octopuse jellyfish squid 章鱼 水母",
    "turtle": "turtle tortoise 乌龟 龟",
    "butterfly": "butterfly butterflie moth 蝴蝶",
    "bee": "bee bumblebee honeybee ladybug 蜜蜂",
    "dragon": "dragon dinosaur dino 龙 恐龙",
    "cow": "cow calf bull ox 牛",
    "horse": "horse pony ponie foal unicorn 马 独角兽",
    "sheep": "sheep lamb goat 羊 绵羊",
    "elephant": "elephant 大象 象",
    "robot": "robot android droid 机器人",
    "astronaut": "astronaut cosmonaut spaceman 宇航员 航天员",
    "rocket": "rocket spaceship spacecraft shuttle 火箭 飞船",
    "ufo": "ufo saucer alien 飞碟 外星人",
    "planet": "planet saturn jupiter mars globe 行星 星球 地球",
    "comet": "comet meteor shooting-star 彗星 流星",
    "star": "star 星星 星",
    "moon": "moon crescent 月亮 月",
    "sun": "sun 太阳",
    "rainbow": "rainbow 彩虹",
    "cloud": "cloud 云 白云",
    "tree": "tree oak maple willow birch 树 大树",
    "pine": "pine fir spruce 松树 松",
    "palm": "palm 棕榈 椰子树 椰树",
    "cactus": "cactus cactuse cacti 仙人掌",
    "pyramid": "pyramid 金字塔",
    "house": "house cottage cabin home hut barn building 房子 屋 小屋 房屋 家",
    "castle": "castle palace tower fortress temple pagoda 城堡 宫殿 塔",
    "lighthouse": "lighthouse 灯塔",
    "bridge": "bridge 桥",
    "windmill": "windmill mill 风车",
    "boat": "boat ship sailboat sail yacht vessel 船 帆船",
    "train": "train locomotive tram railway 火车 列车",
    "car": "car automobile taxi van truck bus buse 汽车 车",
    "bicycle": "bicycle bike cycle cyclist 自行车 单车",
    "balloon": "balloon 气球 热气球",
    "flower": "flower rose daisy daisie sunflower lily blossom poppy poppie peony 花 花朵 玫瑰"
    " 向日葵",
    "tulip": "tulip 郁金香",
    "mushroom": "mushroom toadstool fungus 蘑菇",
    "apple": "apple fruit cherry cherrie 苹果 水果",
    "pear": "pear lemon avocado 梨",
    "cake": "cake cupcake ice-cream pie dessert birthday 蛋糕",
    "cup": "cup coffee tea mug teacup latte cappuccino teapot 杯子 咖啡 茶 杯",
    "book": "book novel library notebook 书",
    "guitar": "guitar violin ukulele cello 吉他",
    "piano": "piano keyboard 钢琴",
    "music": "music melody song note jazz 音乐",
    "heart": "heart love valentine 心 爱心",
    "person": "person man woman people human girl boy child children kid teacher student traveller"
    " traveler hiker princess king queen wizard farmer 人 女孩 男孩 孩子 老师 小孩",
    "portrait": "portrait face headshot selfie 肖像 头像",
    "snowman": "snowman snowmen 雪人",
    "umbrella": "umbrella parasol 雨伞 伞",
    "chess": "chess pawn knight rook 国际象棋 象棋 棋",
    "clock": "clock watch 钟 时钟",
    "lamp": "lamp lantern lightbulb bulb 灯 灯笼",
    "crystal": "crystal gem diamond jewel ruby 水晶 宝石 钻石",
    "hat": "hat cap 帽子",
    "gift": "gift present 礼物",
}
_PLACES = {
    "mountains": "mountain mountains alps peak peaks summit 山 雪山 高山",
    "hills": "hill hills valley countryside meadow meadows field fields grass grassland farm park"
    " 草地 田野",
    "garden": "garden gardens flowerbed 花园",
    "volcano": "volcano volcanoes volcanic 火山",
    "forest": "forest forests woods woodland jungle trees 森林 树林",
    "sea": "sea ocean seaside waves wave coast harbour harbor bay seascape 海 大海 海洋 海浪",
    "beach": "beach shore island islands tropical 海滩 沙滩 岛 岛屿",
    "lake": "lake pond 湖 池塘",
    "river": "river stream waterfall 河 江 河流",
    "desert": "desert dunes dune sahara savanna savannah egypt 沙漠",
    "city": "city skyline town downtown metropolis skyscraper skyscrapers paris tokyo london berlin"
    " york shanghai 城市 上海 北京",
    "street": "street road avenue village alley 街 街道 路",
    "space": "space galaxy universe cosmos nebula orbit cosmic 太空 宇宙 银河",
    "underwater": "underwater under-water reef aquarium undersea 水下 海底",
    "table": "table desk shelf kitchen room studio indoors indoor window sofa cafe café still-life"
    " 桌子 房间",
}
_HOURS = {
    "day": "day daytime noon midday sunny daylight bright 白天 中午 晴天",
    "dawn": "dawn sunrise morning daybreak 日出 早晨 清晨 黎明",
    "sunset": "sunset dusk evening twilight golden-hour 日落 黄昏 傍晚 夕阳",
    "night": "night midnight nighttime starry moonlight moonlit stars dark 夜 夜晚 晚上 星空",
}
_WEATHERS = {
    "rain": "rain rainy raining drizzle 雨 下雨",
    "snow": "snow snowy snowing snowfall blizzard 雪 下雪",
    "fog": "fog foggy mist misty haze hazy 雾",
    "storm": "storm stormy thunder lightning thunderstorm 暴风雨 闪电",
    "cloudy": "cloudy overcast clouds 多云",
    "wind": "wind windy breeze 风",
    "aurora": "aurora borealis northern-lights polar-lights 极光",
}
_SEASONS = {
    "spring": "spring springtime 春 春天",
    "summer": "summer summertime 夏 夏天",
    "autumn": "autumn autumnal october 秋 秋天",
    "winter": "winter wintry christmas ice frozen arctic 冬 冬天",
}
_STYLES = {
    "cartoon": "cartoon comic anime manga sticker childrens doodle emoji logo 卡通 漫画",
    "watercolour": "watercolour watercolor aquarelle wash gouache 水彩",
    "pixel": "pixel pixelart pixelated 8-bit 8bit 16-bit retro-game 像素",
    "sketch": "sketch drawing pencil lineart line-art charcoal ink etching 素描 线稿 铅笔",
    "oil": "oil impressionist impressionism gogh monet brushstrokes painterly acrylic 油画",
    "minimal": "minimalist minimalistic minimal simple flat 极简",
    "neon": "neon cyberpunk synthwave vaporwave futuristic 霓虹 赛博朋克",
    "papercut": "papercut paper-cut paper origami layered 剪纸",
    "vintage": "vintage retro sepia nostalgic antique old-fashioned poster 复古",
}
_RELATIONS = {
    "on": "on upon onto atop riding rides",
    "in": "in inside into",
    "wearing": "wearing wears",
    "over": "over above across",
    "beside": "by beside near with and next under in-front-of behind next-to 和 与 旁",
    "holding": "holding holds carrying reading reads playing plays eating drinking 拿着 抱着 读 弹",
    "flying": "flying flies floating hovering 飞",
}
# Chinese says the relation after the noun: 猫在月亮上, "the cat is on the moon".
_AFTER = {"on": "上", "in": "里 中"}
_NUMBERS = {
    "1": "a an one single 一",
    "2": "two both pair couple 2 二 两",
    "3": "three few several some group 3 三",
    "4": "four 4 四",
    "5": "five many bunch bouquet 5 五",
    "6": "six 6 六",
    "7": "seven eight nine ten dozen 7 七 八 九 十",
}
_PLURALS = ("people", "children", "mice", "women", "wolves", "cacti", "octopi", "snowmen")
_SKY = {"sky": "sky background backdrop skies 天空 背景"}

LONGEST_READ = 4000
"""Characters of a prompt that are searched for words; a picture has no room for more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A known word in a text.

    Attributes:
        kind: What sort of word: `thing`, `place`, `hour`, `colour`, …
        value: Which one, by the painter's own name.
        start: Where it begins, in characters.
        end: Where it ends.
        plural: Whether an English plural ending was there.
    """

    kind: str
    value: str
    start: int
    end: int
    plural: bool


def find_marks(text: str) -> list[Mark]:
    """Return the known words of the text, in its order."""
    pattern, meaning = _dictionary()
    marks = []
    for found in pattern.finditer(text[:LONGEST_READ].casefold()):
        word = re.sub(r"[\s_-]", "", found[1] or found[3])
        kind, value = meaning[word]
        plural = bool(found[2]) or word in _PLURALS
        marks.append(Mark(kind, value, found.start(), found.end(), plural))
    return marks


@cache
def _dictionary() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return the pattern of all known words, and what each of them stands for."""
    tables = {
        "number": _NUMBERS,
        "relation": _RELATIONS,
        "after": _AFTER,
        "sky": _SKY,
        "season": _SEASONS,
        "weather": _WEATHERS,
        "thing": _THINGS,
        "hour": _HOURS,
        "place": _PLACES,
        "style": _STYLES,
        "colour": {name: name for name in NAMED},
    }
    meaning = {
        word: (kind, value)
        for kind, table in tables.items()
        for value, words in table.items()
        for word in words.split()
    }
    # The longest word wins: "lighthouse" before "light", 熊猫 before 熊.
    words = sorted(meaning, key=len, reverse=True)
    latin = "|".join(
        re.escape(word).replace(r"\-", r"[\s_-]?") for word in words if word < "\u3000"
    )
    chinese = "|".join(re.escape(word) for word in words if word >= "\u3000")
    # A Latin word ends where Chinese begins; a digit in "3:2" or "1.5" is no number of things.
    letter = "a-zà-ÿ0-9"
    pattern = rf"(?<![{letter}:.])({latin})(s|es)?(?![{letter}]|[:.]\d)|({chinese})"
    plain = {word.replace("-", ""): sort for word, sort in meaning.items()}
    return re.compile(pattern), plain
