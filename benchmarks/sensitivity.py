#!/usr/bin/env python3
"""What each constant of the detector and the lifecycle is worth: the score at half and at double of it, as a table in Markdown.

  benchmarks/sensitivity.py CORPUS [--only TEXT]

CORPUS is a folder as data/detection. Needs Python 3 and the .NET SDK; two hours for all of them. The core is copied to a
temporary folder, where every constant becomes a number that the environment may set, and built once. Nothing here is changed.
"""
import argparse, json, os, re, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDERS = ("Baselines", "Detection", "Incidents", "Watching")
# Layouts and units, yardsticks, and what only the log shows: halving them says nothing of the detector.
LEFT = re.compile(r"^(EarsC2|RobustZ|CountTail|FiveMinuteBuckets|Excess|WilsonInterval|Review|TrackRecord|RegionWatch\.(Minutes|Open)|ServiceWatch|Baseline\.(\w*Spans?\w*|HistoryDays|ExactBelow|CoarseStep|"
                  r"NeverSampled|SpanMinutes)$|IncidentLifecycle\.(Growth|Calm|RecurrenceM\w*es))")
RULE = ("Minutes", "Log10P", "Ratio", "Reporters")
SOURCE = '''namespace OutageAggregator.Core;
/// <summary>Numbers set from outside, for a study.</summary>
public static class Tuned
{
    private static readonly string[] s_pairs = (System.Environment.GetEnvironmentVariable("TUNED") ?? "").Split(';');
    /// <summary>The number named, or what it is by default.</summary>
    public static double Get(string name, double value)
    {
        foreach (var pair in s_pairs)
            if (pair.StartsWith(name + "=", System.StringComparison.Ordinal))
                return double.Parse(pair[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return value;
    }
}
'''


def opened(core):
    """Makes the constants below a copied core settable; their names and values."""
    found = []
    for folder in FOLDERS:
        for path, _, files in os.walk(os.path.join(core, folder)):
            for file in files:
                name = os.path.join(path, file)
                text = open(name).read()

                def constant(m):
                    indent, seen, kind, what, value = m.groups()
                    key = f"{file[:-3]}.{what}"
                    if LEFT.match(key):
                        return m.group(0)
                    found.append((key, value))
                    return f'{indent}{seen} static readonly {kind} {what} = ({kind})OutageAggregator.Core.Tuned.Get("{key}", {value});'

                def rule(m):
                    parts = [p.strip() for p in m.group(2).split(",")]
                    for i in range(1, 4):
                        key = f"{m.group(1)}: {RULE[i]}"
                        found.append((key, parts[i]))
                        parts[i] = f'({"int" if i == 3 else "double"})OutageAggregator.Core.Tuned.Get("{key}", {parts[i]})'
                    return f'new("{m.group(1)}", {", ".join(parts)})'

                text = re.sub(r"^( +)(private|internal|public) const (int|double) (\w+) = ([^;]+);", constant, text, flags=re.M)
                text = re.sub(r'new\("([\w ]+)", ([^()]+(?:true|false))\)', rule, text)
                open(name, "w").write(text)
    open(os.path.join(core, "Tuned.cs"), "w").write(SOURCE)
    return found


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus"); ap.add_argument("--only", default="")
    a = ap.parse_args()
    with tempfile.TemporaryDirectory() as work:
        for name in ("Directory.Build.props", "Directory.Packages.props", "global.json", "src"):
            source = os.path.join(ROOT, name)
            (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, os.path.join(work, name), **({"ignore": shutil.ignore_patterns("bin", "obj")} if os.path.isdir(source) else {}))
        constants = opened(os.path.join(work, "src", "OutageAggregator.Core"))
        built = subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "src/OutageAggregator.Replay"],
                               cwd=work, capture_output=True, text=True)
        if built.returncode:
            sys.exit(built.stdout)
        dll = os.path.join(work, "src/OutageAggregator.Replay/bin/Release/net10.0/OutageAggregator.Replay.dll")
        # Without the benchmark beside it: it is not scored here.
        corpus = os.path.join(work, "corpus"); os.mkdir(corpus)
        for name in ("labels.json", "series"):
            os.symlink(os.path.abspath(os.path.join(a.corpus, name)), os.path.join(corpus, name))

        def figures(key=None, value=None):
            out = os.path.join(work, "said.jsonl")
            subprocess.run(["dotnet", dll, "detect", corpus, "--out", out], check=True, capture_output=True,
                           env=dict(os.environ, TUNED=f"{key}={value!r}" if key else ""))
            r = json.loads(subprocess.run(["dotnet", dll, "score", corpus, out, "--json"], check=True, capture_output=True, text=True).stdout)
            return f"{r['f1']:.3f} · {r['false_per_service_week']:.3f} · {r['delay_median']:g} · {r['flaps']} · {r['end_delay_median']:g}"

        print("F1 · false incidents per service-week · delay · flaps · end delay (medians, minutes)\n")
        print(f"| constant | value | at half | at double |\n| --- | --- | --- | --- |\n| (as it is) | | {figures()} | |", flush=True)
        for key, text in constants:
            if a.only not in key:
                continue
            value = eval(text.replace("Minute.PerDay", "1440"))
            print(f"| `{key}` | {value:g} | {figures(key, value / 2)} | {figures(key, value * 2)} |", flush=True)


if __name__ == "__main__":
    main()
