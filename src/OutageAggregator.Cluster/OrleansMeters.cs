namespace OutageAggregator.Cluster;

/// <summary>Names of the meters by which Orleans tells of silos, grains, messages and membership, for whoever exports metrics.</summary>
public static class OrleansMeters
{
    /// <summary>Every one that a silo of this version has.</summary>
    public static IReadOnlyList<string> All { get; } = ["Microsoft.Orleans"];
}
