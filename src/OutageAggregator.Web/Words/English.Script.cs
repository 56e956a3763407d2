namespace OutageAggregator.Web.Words;

// What the script of the pages says; {0} is filled in there.
internal partial class English
{
    /// <summary>All of it as JSON.</summary>
    internal byte[] Script => JsonSerializer.SerializeToUtf8Bytes(ScriptWords);

    protected virtual Dictionary<string, string> ScriptWords => new(StringComparer.Ordinal)
    {
        ["myTime"] = "Show in my time",
        ["moment"] = "{day} {month} {year}, {clock} {zone}",
        ["date"] = "{day} {month} {year}",
        ["months"] = string.Join(' ', s_months.Select(m => m[..3])),
        ["noData"] = NoData,
        ["reports.one"] = "{0} report",
        ["reports.other"] = "{0} reports",
        ["usual"] = ", usual {0}",
        ["offline"] = "No connection: what you see is as of {0}",
        ["counted.down"] = "Thank you, it's counted.",
        ["counted.back"] = "Thank you. It is counted that it works again for you.",
        ["duplicate"] = "You are already counted: one report each in 30 minutes.",
        ["late"] = "Thank you. It is on the chart as told late.",
        ["onlyYours"] = OnlyYours,
        ["takeBack"] = "Take it back",
        ["takenBack"] = "Taken back.",
        ["notTakenBack"] = "It could not be taken back any more.",
        ["failed"] = "That did not get through. Nothing was counted; please try again.",
        ["copied"] = "Copied",
    };
}
