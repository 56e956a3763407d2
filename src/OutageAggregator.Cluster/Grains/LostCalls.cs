namespace OutageAggregator.Cluster.Grains;

/// <summary>Calls to grains that got lost: the node of the grain is gone, the grain is on its way to another one, or it takes too long.</summary>
internal static class LostCalls
{
    /// <summary>
    /// True where a call got no answer and may be made again; none of ours can be cancelled. Orleans looks for a grain's place through Polly,
    /// which refuses with exceptions of its own when its time is over, and calls a call cancelled whose time is over before it has a place.
    /// </summary>
    public static bool IsLost(Exception failure) =>
        failure is OrleansException or TimeoutException or OperationCanceledException or Polly.ExecutionRejectedException;
}
