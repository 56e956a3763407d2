using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Web.Answers;

/// <summary>Finds the region that a text means, wherever it stands, or says that it means none, and what comes near.</summary>
internal static class RegionLookup
{
    internal const string Advice =
        "Send a code of ISO 3166-1 such as IT, a country's name, or a time zone such as Europe/Rome; ZZ is for unknown";

    private const int Suggestions = 3;

    /// <summary><c>world</c> and <c>ZZ</c> too; null where the text means none.</summary>
    internal static Region? Find(string text) => Region.TryParse(text, out var region) ? region : KnownRegions.Names.Find(text);

    /// <summary>What is wrong with a text that means none, and how to mend it.</summary>
    /// <param name="isOfMany">True where all together may be asked for as well.</param>
    internal static string Unknown(string text, bool isOfMany)
    {
        var near = KnownRegions.Names.Near(text, Suggestions);
        var meant = near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near.Select(r => $"{r.Name} ({r})"))}?";
        var many = isOfMany ? ", world for all together" : "";
        return $"'{PlainText.Quote(text)}' is no country or territory that is known here.{meant} {Advice}{many}.";
    }

    /// <summary>The region that a page is asked for: the world where nothing is.</summary>
    /// <returns>False with the answer to give where the text means none.</returns>
    internal static bool TryFindPage(string? text, out Region region, [NotNullWhen(false)] out ProblemAnswer? answer)
    {
        var found = string.IsNullOrWhiteSpace(text) ? Region.World : Find(text);
        region = found ?? Region.World;
        answer = found is null ? ProblemAnswer.InvalidInput("region", Unknown(text!, isOfMany: true)) : null;
        return found is not null;
    }
}
