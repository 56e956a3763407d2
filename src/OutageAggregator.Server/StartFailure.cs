using System.Net.Sockets;
using OutageAggregator.Storage.Tls;

namespace OutageAggregator.Server;

/// <summary>
/// Says in one line why the server could not start, for every cause that the operator can mend. Anything else is a fault of ours and
/// keeps its stack trace.
/// </summary>
internal static class StartFailure
{
    /// <summary>The line, or null where the cause is none of the operator's.</summary>
    public static string? Explain(Exception failure)
    {
        var text = failure switch
        {
            SettingsException or StoreUnavailableException or CertificateException => failure.Message,
            _ when failure is SocketException || failure.GetBaseException() is SocketException =>
                $"{failure.Message.TrimEnd('.')}. Choose another address with --urls, such as --urls http://localhost:8081.",
            FormatException or InvalidOperationException when failure.Source?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) is true =>
                $"The address or the Kestrel settings can't be used: {failure.Message}",
            _ => null,
        };
        return text?.ReplaceLineEndings(" ");
    }
}
