using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;

namespace OutageAggregator.Server.Settings;

/// <summary>
/// What ASP.NET reads of the section <c>Logging</c>. It passes over what it does not know, and a typo with it: these classes only say what
/// there is, so that a key that is not is named. So do the classes of the section <c>Kestrel</c>.
/// </summary>
public sealed class LoggingSettings : LogLevels
{
    public bool CaptureScopes { get; set; }
    public ConsoleLog Console { get; } = new();
    public LogLevels Debug { get; } = new();
    public LogLevels EventSource { get; } = new();
    public LogLevels EventLog { get; } = new();
}

/// <summary>How much is logged, by category; <c>Default</c> is the category of all others.</summary>
public class LogLevels
{
    public Dictionary<string, LogLevel> LogLevel { get; } = [];
}

/// <summary>Log lines on the console.</summary>
public sealed class ConsoleLog : LogLevels
{
    [AllowedValues("simple", "json", "systemd")]
    public string FormatterName { get; set; } = ConsoleFormatterNames.Simple;
    public LogLevel LogToStandardErrorThreshold { get; set; }

    [Range(1, int.MaxValue)]
    public int MaxQueueLength { get; set; } = 1;
    public ConsoleLoggerQueueFullMode QueueFullMode { get; set; }
    public LogFormat FormatterOptions { get; } = new();
}

/// <summary>Options of all formatters of the console.</summary>
public sealed class LogFormat : SimpleConsoleFormatterOptions
{
    public JsonLines JsonWriterOptions { get; } = new();

    public sealed class JsonLines
    {
        public bool Indented { get; set; }
    }
}

/// <summary>What ASP.NET reads of the section <c>Kestrel</c>: where to listen, and with which certificates.</summary>
public sealed class KestrelSettings
{
    public Dictionary<string, ListenAt> Endpoints { get; } = [];
    public ListenHow EndpointDefaults { get; } = new();
    public Dictionary<string, CertificateAt> Certificates { get; } = [];

    public class ListenHow
    {
        public HttpProtocols Protocols { get; set; }
        public SslProtocols[] SslProtocols { get; set; } = [];
        public ClientCertificateMode ClientCertificateMode { get; set; }
    }

    public sealed class ListenAt : ListenHow
    {
        public string? Url { get; set; }
        public CertificateAt Certificate { get; } = new();
        public Dictionary<string, ListenFor> Sni { get; } = [];
    }

    public sealed class ListenFor : ListenHow
    {
        public CertificateAt Certificate { get; } = new();
    }

    public sealed class CertificateAt
    {
        public string? Path { get; set; }
        public string? KeyPath { get; set; }
        public string? Password { get; set; }
        public string? Subject { get; set; }
        public string? Store { get; set; }
        public string? Location { get; set; }
        public bool AllowInvalid { get; set; }
    }
}
