using System.CommandLine;
using OutageAggregator.Replay.Detect;

var root = new RootCommand("Runs the detector over recorded counts, or plays them into a live server.")
{
    DetectCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
