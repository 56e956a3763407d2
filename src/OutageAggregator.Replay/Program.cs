using System.Globalization;
using System.Diagnostics;
using OutageAggregator.Replay.Detect;

var folder = args[0];
await using var output = new StreamWriter(args[1]);
var watch = Stopwatch.StartNew();
var all = LabelledCorpus.Open(folder);
var results = new List<Detection>[all.Count];
Parallel.For(0, all.Count, i => results[i] = SeriesReplay.Run(all[i], all[i].Read(), args.Length > 2 ? args[2] : "negative-binomial"));
for (var i = 0; i < all.Count; i++)
    foreach (var d in results[i])
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"series\": \"{d.Series}\", \"start\": {d.Start - all[i].Start}, \"end\": {(d.End is { } e ? (e - all[i].Start).ToString(CultureInfo.InvariantCulture) : "null")}, \"severity\": {d.Severity}}}"));
Console.WriteLine(watch.Elapsed);
