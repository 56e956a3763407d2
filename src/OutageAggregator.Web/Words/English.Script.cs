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
        ["counted.back"] = "Thank you, it's counted that it works again for you.",
        ["counted.thanked"] = "It's counted.",
        ["duplicate"] = "You are already counted: one report each in 30 minutes.",
        ["duplicateOther"] = "You are already counted: a report from your connection was, less than 30 minutes ago.",
        ["provisional"] = "Thank you, it's kept. It is counted as soon as our database can be reached.",
        ["late"] = "Thank you. It is on the chart as told late.",
        ["late.thanked"] = "It is on the chart as told late.",
        ["onlyYours"] = OnlyYours,
        ["takeBack"] = "Take it back",
        ["takenBack"] = "Taken back.",
        ["notTakenBack"] = "It could not be taken back any more.",
        ["stillThere"] = "That did not get through: your report still stands. Please try again.",
        ["told.down"] = "You reported at {0} that it's down, and are counted.",
        ["told.back"] = "You said at {0} that it's back. Thank you.",
        ["told.late"] = "At {0} you reported something that had happened earlier: it is on the chart as told late.",
        ["told.provisional"] = "You reported at {0}: it was kept, to be counted as soon as our database can be reached.",
        ["told.duplicate"] = "You are already counted: one report each in 30 minutes.",
        ["add"] = AddToReport,
        ["added"] = "Thank you, it's added.",
        ["notAdded"] = "The connection broke, and whether it was added is not known. Please try again: each thing is added once.",
        ["nothingAdded"] = "Choose or write something first.",
        ["sending"] = "One moment: sending.",
        ["noConnection"] = "No connection.",
        ["busy"] = "This site can take no report just now.",
        ["waiting"] = "Your report of {0} is kept on this device and sent as soon as this site can take it, within 24 hours.",
        ["waitingHere"] = "Your report of {0} is sent as soon as this site can take it, while this page is open.",
        ["dontSend"] = "Don't send it",
        ["notSent"] = "It was not sent.",
        ["notSentAgain"] = "It is not sent again. It was on its way already, so it may have been counted.",
        ["tooOld"] = "Your report waited for over 24 hours: that is too old to be counted, and it was not sent.",
        ["unsure"] = "The connection broke as your report was sent, and whether it was counted is not known. It is not sent again, so that nobody is counted twice. If it's still down, press again.",
        ["waits.down"] = "{0} is down:",
        ["waits.back"] = "{0} is back:",
        ["tells"] = "You get a notification, and the title and icon of this page change. Keep it open.",
        ["tellsHere"] = "This browser allows no notification here: the title and icon of this page change. Keep it open.",
        ["backTitle"] = "✓ Back: {0}",
        ["copied"] = "Copied",
    };
}
