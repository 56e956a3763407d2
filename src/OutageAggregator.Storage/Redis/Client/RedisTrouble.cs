using System.Security.Authentication;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>Puts what Redis and its client complain about into a sentence that says what to do.</summary>
internal static class RedisTrouble
{
    public const string WrongPassword = "refuses the password, or the user may not do what is needed: set password=… in Redis:Connection";

    public const string WrongCertificate =
        "shows a certificate of an authority that is not trusted, or of another name, or refuses ours: see Redis:Tls";

    public const string Replica = "is a read-only replica: name the master in Redis:Connection";

    /// <summary>True for what ends with the connection and not with the call: everybody else's call fails the same.</summary>
    public static bool IsEverybodys(Exception failure) =>
        failure is RedisConnectionException or ObjectDisposedException
        || Says(failure, "LOADING", "NOAUTH", "WRONGPASS", "CLUSTERDOWN", "MASTERDOWN");

    /// <summary>What the operator is told, or null where the fault is ours.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        _ when IsOfTls(failure) => WrongCertificate,
        _ when Says(failure, "WRONGPASS", "NOAUTH", "invalid password", "AuthenticationFailure", "NOPERM") => WrongPassword,
        _ when Says(failure, "OOM ") => "is full (maxmemory reached): raise maxmemory, or shorten Redis:MinuteDays",
        _ when Says(failure, "READONLY") => Replica,
        _ when Says(failure, "LOADING") => "is loading its data after a restart",
        _ when Says(failure, "MISCONF") => "can't save to its disk and so takes no writes: see its log",
        _ when Says(failure, "CLUSTERDOWN", "MASTERDOWN") => "is a cluster of which a part is down",
        _ when Says(failure, "BUSY ") => "is busy with another program's script",
        _ when Says(failure, "unknown command", "KEEPTTL", "syntax error") => $"is too old, 6.2 or newer is needed ({OneLine(failure)})",
        RedisConnectionException => "can't be reached",
        RedisServerException => $"refuses the call ({OneLine(failure)})",
        RedisException or ObjectDisposedException => $"can't be used ({OneLine(failure)})",
        _ => null,
    };

    /// <summary>What Redis says as it closes a connection, where that is more than silence.</summary>
    public static string? Refusal(ConnectionFailureType type, Exception? failure) =>
        IsOfTls(failure) ? WrongCertificate
        : type == ConnectionFailureType.AuthenticationFailure ? WrongPassword
        : Says(failure, "NOAUTH", "WRONGPASS", "invalid password") ? WrongPassword
        : null;

    private static bool IsOfTls(Exception? failure) =>
        failure is AuthenticationException || (failure is not null && IsOfTls(failure.InnerException));

    private static bool Says(Exception? failure, params string[] words) =>
        failure is not null
        && (Array.Exists(words, w => failure.Message.Contains(w, StringComparison.Ordinal)) || Says(failure.InnerException, words));

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
