namespace OutageAggregator.Cluster;

/// <summary>Where a silo is: by itself, or among the nodes of a cluster.</summary>
internal interface ISiloPlace
{
    /// <summary>How long a call to a grain may take, unless its method says otherwise.</summary>
    TimeSpan CallTimeout { get; }

    /// <summary>How long a service's watch waits for one of its regions at each look.</summary>
    TimeSpan RegionPatience { get; }

    /// <summary>How much time should lie between two batches of one service and region.</summary>
    /// <param name="hasOthers">True where another node is one of the cluster.</param>
    TimeSpan SpacingOf(bool hasOthers);

    /// <summary>Says how the silo listens, and to whom it belongs.</summary>
    void Configure(ISiloBuilder silo);

    /// <summary>Why the silo must not start now, in a sentence; null where it may.</summary>
    Task<string?> WhyNotAsync(CancellationToken cancellation);

    /// <summary>True where the cluster that this silo joined has been forgotten, so that the process must end and join anew.</summary>
    /// <exception cref="OutageAggregator.Storage.StoreUnavailableException">It can't be asked now.</exception>
    Task<bool> IsForgottenAsync(CancellationToken cancellation);

    /// <summary>What to tell operators once the silo has started; null for nothing.</summary>
    string? Joined { get; }
}
