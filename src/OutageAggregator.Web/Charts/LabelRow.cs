namespace OutageAggregator.Web.Charts;

/// <summary>Where a label may stand in its row.</summary>
/// <param name="At">What it is anchored to, a share of the width.</param>
/// <param name="Anchor">The part of it that stands there: <c>start</c>, <c>middle</c> or <c>end</c>.</param>
/// <param name="From">The share of the width that it must not begin before.</param>
/// <param name="To">The share of the width that it must not reach beyond.</param>
internal readonly record struct LabelPlace(double At, string Anchor, double From = 0, double To = 1);

/// <summary>
/// Labels side by side. Nobody knows the reader's font here, so every label reserves the room that the widest fonts need, and is shown from
/// that width of the chart on at which it neither leaves the picture nor touches a label placed before it: the most important first.
/// </summary>
internal sealed class LabelRow
{
    /// <summary>Height that a line of 12 pixels takes in any common font, pixels: 1.6 em.</summary>
    internal const double Height = 20;

    // Digits of the bold cuts of Verdana and DejaVu Sans take .71 em; most fonts in use take less than .6.
    private const double GlyphWidth = 8.6;
    private const double Space = 5;
    private readonly List<(double At, double Before, double After)> _placed = [];

    internal static double WidthOf(string text) => text.Length * GlyphWidth;

    /// <summary>The class, after a space, that shows something from a width of the chart on; null where no chart is that wide.</summary>
    internal static string? ClassFrom(double width) => width switch
    {
        <= 280 => "",
        <= 340 => " need-340",
        <= 480 => " need-480",
        <= 720 => " need-720",
        <= 1000 => " need-1000",
        _ => null,
    };

    /// <summary>Takes the place that needs the narrowest chart, the first of equal ones; null where no chart is wide enough.</summary>
    internal (LabelPlace Place, string Class)? Add(double width, params ReadOnlySpan<LabelPlace> places)
    {
        var best = places[0];
        var least = double.PositiveInfinity;
        foreach (var place in places)
        {
            var need = Need(place, width);
            if (need < least && ClassFrom(need) != ClassFrom(least))
                (best, least) = (place, need);
        }
        if (ClassFrom(least) is not { } code)
            return null;
        var (before, after) = Sides(best, width);
        _placed.Add((best.At, before, after));
        return (best, code);
    }

    private static (double Before, double After) Sides(LabelPlace place, double width) => place.Anchor switch
    {
        "start" => (0, width),
        "end" => (width, 0),
        _ => (width / 2, width / 2),
    };

    // Everything grows with the chart but the labels: what has room once has it in every wider chart.
    private double Need(LabelPlace place, double width)
    {
        var (before, after) = Sides(place, width);
        var need = Math.Max(Share(before, place.At - place.From), Share(after, place.To - place.At));
        foreach (var other in _placed)
        {
            var pixels = other.At < place.At ? other.After + Space + before : after + Space + other.Before;
            need = Math.Max(need, Share(pixels, Math.Abs(place.At - other.At)));
        }
        return need;
    }

    private static double Share(double pixels, double share) => pixels <= 0 ? 0 : share <= 0 ? double.PositiveInfinity : pixels / share;
}
