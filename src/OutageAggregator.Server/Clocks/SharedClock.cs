namespace OutageAggregator.Server.Clocks;

/// <summary>
/// One simulated clock for all nodes over one Redis, which keeps what it is and when it began: nodes that start apart show the same, and
/// one that is started again goes on where the others are.
/// </summary>
internal sealed class SharedClock(RedisAgreement agreement, TimeProvider clock)
{
    /// <summary>
    /// Lets this node's clock go from where the cluster's is; the first node begins it. The machine's own clock goes anyway.
    /// </summary>
    /// <exception cref="SettingsException">The nodes go by another clock.</exception>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task GoAsync(CancellationToken cancellation)
    {
        if (clock is not SimulatedClock { IsHeld: true } held)
            return;
        if (await agreement.AgreeAsync(RedisAgreement.Clock, held.ToString(), cancellation) is var agreed && agreed != held.ToString())
        {
            throw new SettingsException(
                $"Clock is {held}, but the nodes over this Redis go by {(agreed == RedisAgreement.MachineClock ? "the machine's" : agreed)}. Allowed: the same clock, or another Redis:Prefix.");
        }
        held.Go(await agreement.BeginAsync(RedisAgreement.ClockBegan, cancellation));
    }
}
