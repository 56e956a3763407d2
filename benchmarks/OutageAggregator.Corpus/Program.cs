using System.CommandLine;
using OutageAggregator.Corpus;

// Makes up a corpus of labelled report counts in the format of data/detection, so that a change of the detector can be judged on
// data it was not made with. The same seed gives the same corpus.
var folder = new Argument<string>("folder") { Description = "Folder to write labels.json and series/ to; made if it isn't there" };
var seed = new Option<int>("--seed") { Description = "The same seed gives the same corpus", DefaultValueFactory = _ => 1 };
var services = new Option<int>("--services") { Description = "Services with a history of 14 days, 3 to 200", DefaultValueFactory = _ => 36 };
var cold = new Option<int>("--cold") { Description = "Services without a history, judged for 7 days, 0 to 100", DefaultValueFactory = _ => 6 };
var weeks = new Option<int>("--weeks") { Description = "Weeks to judge after the history, 2 to 26; long ones show what the detector's own past does to it", DefaultValueFactory = _ => 2 };
services.Validators.Add(r => InRange(r, services, 3, 200));
cold.Validators.Add(r => InRange(r, cold, 0, 100));
weeks.Validators.Add(r => InRange(r, weeks, 2, 26));
var command = new RootCommand("Writes labelled report counts of services that don't exist.") { folder, seed, services, cold, weeks };
command.SetAction(line =>
{
    try
    {
        var made = CorpusMaker.Make(line.GetRequiredValue(seed), line.GetRequiredValue(services), line.GetRequiredValue(cold), line.GetRequiredValue(weeks));
        CorpusFolder.Write(line.GetRequiredValue(folder), line.GetRequiredValue(seed), made);
        Console.WriteLine($"{made.Count} series, {made.Sum(s => s.Events.Count)} outages, {made.Sum(s => s.Decoys.Count)} decoys -> {line.GetRequiredValue(folder)}");
        return 0;
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"'{line.GetRequiredValue(folder)}' can't be written: {e.Message}");
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();

static void InRange(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
{
    if (result.GetValue(option) is var value && (value < least || value > most))
        result.AddError($"{option.Name} is {value}. Allowed: {least} to {most}.");
}
