namespace OutageAggregator.Web.Words;

// What a page is good for beside being read: telling when it is back, being shared, being there without a connection.
internal partial class English
{
    /// <summary>A sentence that is read later and elsewhere, with the time at which it was true.</summary>
    internal virtual string AsOf(string sentence, DateTimeOffset at) => $"{sentence} (As of {DateAndClock(at)}.)";
    internal virtual string TellMe => "Tell me when it’s back";
    internal virtual string Share => "Share";
    internal virtual string NoConnection => "No connection";
    internal virtual string NoConnectionMeans =>
        "The page you asked for could not be fetched; this one was kept on your device. Nothing is known here of how anything stands now.";
    internal virtual string TryAgain => "Try again";
    internal virtual string WaitingReports => "Your reports that wait to be sent";
    internal virtual string WaitingReportsMean =>
        "They are kept on this device and sent, with the time at which you pressed, when a page of this site is open and reaches it. After "
        + "24 hours they are too old to be taken.";
}
