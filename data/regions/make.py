#!/usr/bin/env python3
"""Makes names.tsv anew: python3 data/regions/make.py FOLDER

FOLDER holds the unpacked packages cldr-core, cldr-localenames-full and cldr-bcp47 of one version of the Unicode CLDR, each under its name.
A row is a country or territory of ISO 3166-1:

    alpha-2, its other codes, its names, time zones that are in it     fields by tabs, entries by |

Names are those in the languages that this project speaks and in the official languages of the place; the short and variant forms with them;
and the few of BY_HAND, which the CLDR doesn't have. Of what stands for two of them, none has it. Zones are those with all their old names.
"""
import collections
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ["en", "it", "fa", "es", "de", "fr", "pt", "ar", "tr", "pl", "ja", "hi"]

# ISO 3166-1's own formal names, parts that people take for the whole, and names of before.
BY_HAND = {
    "BN": ["Brunei Darussalam"], "BO": ["Plurinational State of Bolivia"], "CD": ["DR Congo", "DRC"], "CG": ["Republic of the Congo"],
    "CN": ["People's Republic of China", "PRC"], "CV": ["Cabo Verde"], "CZ": ["Czech Republic"], "FM": ["Federated States of Micronesia"],
    "GB": ["UK", "Great Britain", "Britain", "United Kingdom of Great Britain and Northern Ireland", "England", "Scotland", "Wales",
           "Northern Ireland", "Inghilterra", "Scozia", "Galles", "Gran Bretagna", "Grande-Bretagne", "Großbritannien", "Gran Bretaña"],
    "GR": ["EL", "Hellas"], "IR": ["Islamic Republic of Iran", "Persia"], "KP": ["DPRK"], "KR": ["Republic of Korea", "Korea"],
    "LA": ["Lao People's Democratic Republic"], "MD": ["Republic of Moldova"], "MM": ["Burma"], "NL": ["The Netherlands", "Holland"],
    "PS": ["State of Palestine"], "RU": ["Russian Federation"], "SY": ["Syrian Arab Republic"], "TW": ["Taiwan, Province of China"],
    "TZ": ["United Republic of Tanzania"], "US": ["United States of America", "America", "USA"], "VA": ["Holy See", "Vatican"],
    "VE": ["Bolivarian Republic of Venezuela"], "VN": ["Viet Nam"],
}


def read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def main():
    folder = pathlib.Path(sys.argv[1])
    codes = read(folder, "cldr-core/supplemental/codeMappings.json")["supplemental"]["codeMappings"]
    about = read(folder, "cldr-core/supplemental/territoryInfo.json")["supplemental"]["territoryInfo"]
    zones = read(folder, "cldr-bcp47/bcp47/timezone.json")["keyword"]["u"]["tz"]
    former = read(folder, "cldr-core/supplemental/aliases.json")["supplemental"]["metadata"]["alias"]["territoryAlias"]
    # Neither a code of former times, nor one of private use, nor a union.
    regions = [c for c, v in sorted(codes.items())
               if len(c) == 2 and c not in former and "_alpha3" in v and int(v.get("_numeric", 999)) < 895]

    def names_in(language, region):
        file = folder / f"cldr-localenames-full/main/{language}/territories.json"
        if not file.exists():
            return []
        names = json.loads(file.read_text(encoding="utf-8"))["main"][language]["localeDisplayNames"]["territories"]
        return [n for key, n in names.items() if key == region or key.startswith(f"{region}-alt")]

    def official(region):
        for language, of in about.get(region, {}).get("languagePopulation", {}).items():
            if of.get("_officialStatus") in ("official", "de_facto_official"):
                yield language.replace("_", "-")

    names = {r: list(dict.fromkeys(n for lang in [*LANGUAGES, *official(r)] for n in names_in(lang, r)) | dict.fromkeys(BY_HAND.get(r, [])))
             for r in regions}
    claims = collections.Counter(n for of in names.values() for n in of)
    zones_of = collections.defaultdict(list)
    for key, zone in zones.items():
        if isinstance(zone, dict) and "_alias" in zone and (region := zone.get("_region", key[:2].upper())) in regions:
            if not key.startswith(("utc", "gmt", "unk")):
                zones_of[region] += zone["_alias"].split()
    rows = ["\t".join([r, f'{codes[r]["_alpha3"]}|{codes[r]["_numeric"]}', "|".join(n for n in names[r] if claims[n] == 1),
                       "|".join(sorted(zones_of[r]))]) for r in regions]
    (HERE / "names.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} regions, {sum(map(len, names.values()))} names, {sum(map(len, zones_of.values()))} zones")


if __name__ == "__main__":
    main()
