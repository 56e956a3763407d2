using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OutageAggregator.Cluster;
using OutageAggregator.Runtime;
using OutageAggregator.Web;

namespace OutageAggregator.TestKit.Web;

/// <summary>
/// The application as it runs, on Kestrel and a free port of 127.0.0.1, over a memory store unless a folder is given. Requests are made
/// over real HTTP. What the application logs as an error is kept in <see cref="Errors"/>.
/// </summary>
public sealed class WebApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ErrorLog _errors;

    private WebApp(WebApplication app, ErrorLog errors)
    {
        _app = app;
        _errors = errors;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>Follows no redirects and keeps no cookies.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What was logged as an error, newest last.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <summary>Starts it, and waits until it is ready.</summary>
    /// <param name="configure">Registers settings, a clock or another store before the application's own services.</param>
    /// <param name="map">Adds addresses for the test's sake after the application's own.</param>
    /// <param name="folder">Data folder for SQLite; null for a memory store.</param>
    public static async Task<WebApp> StartAsync(
        Action<IServiceCollection>? configure = null, Action<WebApplication>? map = null, string? folder = null)
    {
        var errors = new ErrorLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(errors);
        configure?.Invoke(builder.Services);
        TestRuntime.AddTo(builder.Services, folder);
        builder.Services.AddOutageWeb();
        var app = builder.Build();
        app.MapOutageWeb();
        map?.Invoke(app);
        await app.StartAsync();
        await UntilReadyAsync(app.Services.GetRequiredService<Readiness>());
        // A candidate detector looks beside, and nothing waits for it but a test.
        await app.Services.GetRequiredService<WatchTicker>().CandidateRound;
        return new WebApp(app, errors);
    }

    // The watches look once at the stores before anybody asks: until then nothing can be taken back, and what a test writes into the
    // stores might be told by them as news.
    private static async Task UntilReadyAsync(Readiness readiness)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!readiness.WhatIsMissing().IsEmpty)
            _ = await again.WaitForNextTickAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _errors.Dispose();
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _lines.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public void Dispose() { }
    }
}
