"""Makes rhymes.tsv: for each simplified character its classes in the two rhyme books that poems are checked by.

    python make_rhymes.py guangyun.tsv corpus.jsonl.gz... > rhymes.tsv

Columns: character; class of the Zhonghua Xinyun (1 to 14), by its usual reading; groups of the Pingshui rhymes, by
the rhymes of its traditional forms in the Guangyun, of which the Pingshui groups are unions.

Made with pypinyin 0.55.0 (MIT), opencc-python-reimplemented 0.1.7 (Apache-2.0), tshet-uinh 0.15.4 (MIT; see guangyun.mjs).
"""
import collections
import gzip
import json
import pathlib
import re
import sys

import opencc
from pypinyin import Style, pinyin

# The Pingshui groups in simplified script, each with the Guangyun rhymes it unites, tone by tone.
PINGSHUI = """
东 東|冬 冬鍾|江 江|支 支脂之|微 微|鱼 魚|虞 虞模|齐 齊|佳 佳皆|灰 灰咍|真 真諄臻|文 文欣|元 元魂痕|寒 寒桓|删 刪山|先 先仙
萧 蕭宵|肴 肴|豪 豪|歌 歌戈|麻 麻|阳 陽唐|庚 庚耕清|青 青|蒸 蒸登|尤 尤侯幽|侵 侵|覃 覃談|盐 鹽添嚴|咸 咸銜凡
董 董|肿 腫|讲 講|纸 紙旨止|尾 尾|语 語|麌 麌姥|荠 薺|蟹 蟹駭|贿 賄海|轸 軫準|吻 吻隱|阮 阮混很|旱 旱緩|潸 潸產|铣 銑獮
筱 篠小|巧 巧|皓 晧|哿 哿果|马 馬|养 養蕩|梗 梗耿靜|迥 迥拯等|有 有厚黝|寝 寑|感 感敢|俭 琰忝儼|豏 豏檻范
送 送|宋 宋用|绛 絳|寘 寘至志|未 未|御 御|遇 遇暮|霁 霽祭|泰 泰|卦 卦怪夬|队 隊代廢|震 震稕|问 問焮|愿 願慁恨|翰 翰換|谏 諫襇
霰 霰線|啸 嘯笑|效 效|号 号|个 箇過|祃 禡|漾 漾宕|敬 映諍勁|径 徑證嶝|宥 宥候幼|沁 沁|勘 勘闞|艳 豔㮇釅|陷 陷鑑梵
屋 屋|沃 沃燭|觉 覺|质 質術櫛|物 物迄|月 月沒|曷 曷末|黠 黠鎋|屑 屑薛|药 藥鐸|陌 陌麥昔|锡 錫|职 職德|缉 緝|合 合盍|叶 葉怗業|洽 洽狎乏
"""

XINYUN = ["a ia ua", "o e uo", "ie üe ê", "ai uai", "ei uei", "ao iao", "ou iou", "an ian uan üan", "en in uen ün",
          "ang iang uang", "eng ing ueng ong iong", "i er ü", "-i", "u"]

# Forms that poems use today, by the form that the Guangyun has.
VARIANTS = dict(pair.split(":") for pair in (
    "間:閒 卻:却 淚:涙 群:羣 峰:峯 巖:巗 歎:嘆 踪:蹤 床:牀 裏:里 游:遊 杯:桮盃 煙:烟 窗:窓窻 魂:䰟 劍:劒劔 眾:衆 隠:隱 着:著 胸:胷 匆:怱悤 "
    "聯:聮 棋:碁棊 鞍:鞌 煮:煑 烹:亨 污:汙汚 裙:帬 皓:晧 享:亯 蒂:蔕 碗:椀盌 溯:泝遡 罕:䍐 瑯:琅 稿:稾 槁:槀 鬭:鬬 捆:稇 腮:顋 髪:髮 迤:迆").split())


def pingshui_of_guangyun():
    groups = {}
    for line in PINGSHUI.split("\n"):
        for group in filter(None, line.split("|")):
            name, rhymes = group.split()
            for rhyme in rhymes:
                groups[rhyme] = name
    return groups


def traditional_forms():
    path = pathlib.Path(opencc.__file__).parent / "dictionary" / "STCharacters.txt"
    return {fields[0]: fields[1].split() for fields in (line.split("\t") for line in path.open(encoding="utf-8"))}


def xinyun_class(character):
    """By the usual reading: what rhymes only in a rare one is not counted as a rhyme."""
    syllable = pinyin(character, style=Style.NORMAL, errors="ignore")
    if not syllable:
        return None
    if re.fullmatch("([zcs]h?|r)i", syllable[0][0]):
        final = "-i"
    else:
        final = pinyin(character, style=Style.FINALS, strict=True)[0][0].replace("v", "ü")
    return next((number for number, finals in enumerate(XINYUN, 1) if final in finals.split()), None)


def main(guangyun_path, *corpora):
    guangyun = {}
    for line in open(guangyun_path, encoding="utf-8"):
        character, rhymes = line.rstrip("\n").split("\t")
        guangyun[character] = rhymes.split(",")
    groups = pingshui_of_guangyun()
    missing = {rhyme for rhymes in guangyun.values() for rhyme in rhymes} - groups.keys()
    assert not missing, missing
    traditional = traditional_forms()
    characters = collections.Counter()
    for path in corpora:
        for line in gzip.open(path, "rt", encoding="utf-8"):
            characters.update(c for c in json.loads(line)["text"] if "\u3400" <= c)
    for character in sorted(characters):
        if not ("\u3400" <= character <= "\u9fff" or character >= "\U00020000"):
            continue
        forms = {f for t in traditional.get(character, [character]) + [character] for f in VARIANTS.get(t, "") + t}
        pingshui = sorted({groups[rhyme] for form in forms for rhyme in guangyun.get(form, [])})
        xinyun = xinyun_class(character)
        if xinyun or pingshui:
            print(character, xinyun or "", ",".join(pingshui), sep="\t")


main(*sys.argv[1:])
