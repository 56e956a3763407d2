namespace OutageAggregator.Cluster;

/// <summary>The meter by which Orleans tells of silos, grains, messages and membership, for whoever exports metrics.</summary>
public static class OrleansMeters
{
    public const string Name = "Microsoft.Orleans";
}
