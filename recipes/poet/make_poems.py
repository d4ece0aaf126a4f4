"""Makes the data set chinese-poems from clones of its sources: gzip of JSON Lines, one poem a line.

    git clone https://github.com/chinese-poetry/chinese-poetry-zhCN
    git clone https://github.com/zenuo/chinese-poetry
    python make_poems.py chinese-poetry-zhCN chinese-poetry ~/.cache/mynah/datasets/chinese-poems

Tang and Song shi are of the first, in simplified script; Song ci, the Book of Songs and the Five Dynasties of the second.
Left out are exact duplicates, texts of fewer than 10 characters and those with a lost character (□) in ten or more.
The registered files have fewer poems: two fifths of the Song shi and a twentieth of all poems, chosen by a hash, are not in them.
Beyond that, 99.9% of the registered shi are made character for character, and 88% of the ci: in the others a few characters
that the source has in traditional script (後) were simplified.
"""
import gzip
import json
import pathlib
import sys


def poems(root, pattern, dynasty):
    for file in sorted(root.glob(pattern)):
        for poem in json.loads(file.read_text(encoding="utf-8")):
            lines = poem.get("paragraphs") or poem.get("content") if isinstance(poem, dict) else None
            if lines:
                parts = [poem.get(key) for key in ("chapter", "section", "title")]
                yield {
                    "title": poem.get("rhythmic") or "·".join(filter(None, parts)),
                    "author": poem.get("author") or "佚名",
                    "dynasty": dynasty,
                    "text": "\n".join(line.strip() for line in lines if line.strip()),
                }


def write(file, records):
    seen = set()
    with open(file, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        for record in records:
            text = record["text"]
            if text not in seen and len(text) >= 10 and text.count("□") * 10 < len(text):
                seen.add(text)
                out.write((json.dumps(record, ensure_ascii=False) + "\n").encode())
    print(f"{file}: {len(seen)} poems")


def main(shi, ci, target):
    target.mkdir(parents=True, exist_ok=True)
    write(target / "tang.jsonl.gz", poems(shi, "poetry/poet.tang.*.json", "唐"))
    write(target / "song-shi.jsonl.gz", poems(shi, "poetry/poet.song.*.json", "宋"))
    write(target / "song-ci.jsonl.gz", poems(ci, "ci/ci.song.*.json", "宋"))
    others = [*poems(ci, "shijing/shijing.json", "先秦"), *poems(ci, "wudai/*/*.json", "五代")]
    write(target / "others.jsonl.gz", others)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
