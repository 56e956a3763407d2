using Xunit.v3;

[assembly: Parallelization(MaxThreads = 3)]

namespace OutageAggregator.Cluster.Tests;

/// <summary>
/// Crowds that report to several processes, and faults that are timed by what their people notice: one after the other and beside nothing else, so that
/// they do not slow each other down.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NodesUnderLoad
{
    internal const string Name = "Nodes under load";
}
