namespace OutageAggregator.Runtime;

/// <summary>
/// The meter of this program. A number is kept where it comes up anyway, as a plain field, and an observable instrument reads it when
/// somebody looks: counting costs an addition, and nobody who does not look costs anything. Only how times are spread is pushed, into
/// histograms. Times are the machine's, also where the server's clock is a simulated one.
/// <para>
/// Names are OpenTelemetry's (<c>outage.redis.calls</c>); units and the kind of instrument make Prometheus' out of them
/// (<c>outage_redis_calls_total</c>). Anybody may read them at <c>/metrics</c>: no names of services, hosts or files, and no label whose
/// values come from outside.
/// </para>
/// </summary>
public static class OutageMeter
{
    /// <summary>What the names of our meters begin with.</summary>
    public const string Name = "OutageAggregator";

    /// <summary>The meter, which the factory makes once; null where nothing is measured.</summary>
    public static Meter? OfOutages(this IMeterFactory? meters) => meters?.Create(new MeterOptions(Name));

    /// <summary>One value of a number that has several, told apart by one label.</summary>
    internal static Measurement<long> Labelled(this long value, string label, string text) => new(value, new KeyValuePair<string, object?>(label, text));
}
