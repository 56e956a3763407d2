using System.CommandLine;
using OutageAggregator.Replay.Detect;
using OutageAggregator.Replay.Play;

var root = new RootCommand("Runs the detector over recorded counts, or plays them into a live server.")
{
    DetectCommand.Create(),
    PlayCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
