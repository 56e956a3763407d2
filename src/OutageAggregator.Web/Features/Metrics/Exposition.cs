using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace OutageAggregator.Web.Features.Metrics;

/// <summary>
/// Writes measurements in the text format 0.0.4 of Prometheus.
/// <code>
///   # HELP outage_reports_total Reports by their answer.          text: \ and line feed escaped
///   # TYPE outage_reports_total counter
///   outage_reports_total{outcome="counted"} 42                    value of a label: \, " and line feed escaped
/// </code>
/// Names are made from OpenTelemetry's by its own rules for Prometheus: what is no letter, digit or underscore becomes an underscore, the unit is
/// appended (<c>By</c> as bytes, <c>s</c> as seconds, annotations in braces not at all), and <c>_total</c> to what only grows.
/// </summary>
internal static class Exposition
{
    internal const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private const int UsualLength = 8_192;

    // The runtime calls these counters, but they fall as well as rise.
    private static readonly string[] s_falling = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    internal static byte[] Write(IEnumerable<Measured> all)
    {
        var text = new StringBuilder(UsualLength);
        foreach (var (instrument, samples) in all)
        {
            var isCounter = IsCounter(instrument);
            var name = NameOf(instrument, isCounter);
            if (instrument.Description is { Length: > 0 } description)
                _ = text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(description)).Append('\n');
            _ = text.Append("# TYPE ").Append(name).Append(isCounter ? " counter\n" : " gauge\n");
            foreach (var sample in samples)
                Append(text.Append(name), sample);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, Sample sample)
    {
        for (var i = 0; i < sample.Labels.Length; i++)
        {
            var (label, value) = sample.Labels[i];
            var shown = Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal);
            _ = text.Append(i == 0 ? '{' : ',').Append(Plain(label)).Append("=\"").Append(shown).Append('"');
        }
        if (sample.Labels.Length > 0)
            _ = text.Append('}');
        _ = text.Append(' ').Append(Number(sample.Value)).Append('\n');
    }

    private static bool IsCounter(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ObservableCounter<>) && !s_falling.Contains(instrument.Name, StringComparer.Ordinal);

    private static string NameOf(Instrument instrument, bool isCounter)
    {
        var unit = instrument.Unit switch { "By" => "_bytes", "s" => "_seconds", _ => "" };
        var name = Plain(instrument.Name);
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return isCounter ? name + "_total" : name;
    }

    private static string Plain(string name) => string.Create(name.Length, name, static (plain, original) =>
    {
        for (var i = 0; i < plain.Length; i++)
            plain[i] = char.IsAsciiLetterOrDigit(original[i]) ? original[i] : '_';
    });

    private static string Escaped(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
