using OutageAggregator.Replay.Explain;
using OutageAggregator.Replay.Play;
using OutageAggregator.Replay.Score;

var root = new RootCommand("Runs the detector over recorded counts, scores what it said, explains incidents, or plays recorded events into a live server.")
{
    DetectCommand.Create(),
    ScoreCommand.Create(),
    ExplainCommand.Create(),
    PlayCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
