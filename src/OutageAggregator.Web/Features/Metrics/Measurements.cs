using System.Diagnostics.Metrics;
using OutageAggregator.Runtime;

namespace OutageAggregator.Web.Features.Metrics;

/// <summary>An instrument and what it measured.</summary>
/// <param name="Instrument">Its name, unit, kind and explanation.</param>
/// <param name="Samples">Its values, told apart by their labels.</param>
internal sealed record Measured(Instrument Instrument, List<Sample> Samples);

/// <summary>One value.</summary>
/// <param name="Value">The number.</param>
/// <param name="Labels">Names and values of its labels; empty for most.</param>
internal readonly record struct Sample(double Value, KeyValuePair<string, object?>[] Labels);

/// <summary>
/// Reads the observable instruments of this server and of the runtime, all at once when somebody looks. Nothing is gathered in between, so there is
/// nothing to bound but a look; and looks come one after the other.
/// </summary>
internal sealed class Measurements : IDisposable
{
    /// <summary>The most values of one instrument. Labels here are a handful; this is for the day somebody forgets.</summary>
    internal const int MostSamples = 64;

    // Garbage collection, memory, processor time and thread pool of the process: instruments that come with .NET.
    private const string RuntimeMeter = "System.Runtime";

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;
    private readonly Dictionary<Instrument, Measured> _read = [];

    public Measurements(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.IsObservable && IsOurs(instrument.Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>What all instruments say now, by name.</summary>
    public List<Measured> Read()
    {
        lock (_gate)
        {
            _read.Clear();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // An instrument that can't tell its number just now (its part is being disposed) is left out; all others were asked.
            }
            return [.. _read.Values.OrderBy(m => m.Instrument.Name, StringComparer.Ordinal)];
        }
    }

    public void Dispose() => _listener.Dispose();

    // Several servers may live in one process, as they do in tests: each has a factory of its own.
    private bool IsOurs(Meter meter) =>
        ReferenceEquals(meter.Scope, _meters) ? meter.Name.StartsWith(OutageMeter.Name, StringComparison.Ordinal) : meter.Name == RuntimeMeter;

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (!_read.TryGetValue(instrument, out var measured))
            _read.Add(instrument, measured = new Measured(instrument, []));
        if (measured.Samples.Count < MostSamples)
            measured.Samples.Add(new Sample(value, labels.ToArray()));
    }
}
