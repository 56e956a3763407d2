using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OutageAggregator.TestKit;

/// <summary>A log that keeps its lines, as they would be written.</summary>
internal sealed class KeptLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _logged = new();

    public IReadOnlyCollection<(LogLevel Level, string Text)> Logged => _logged;

    public IEnumerable<string> Lines => _logged.Select(l => l.Text);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _logged.Enqueue((logLevel, formatter(state, exception)));
}
