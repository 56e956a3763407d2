using OutageAggregator.Web.Problems;

namespace OutageAggregator.Server.Documents;

/// <summary>The pages of the documents that list what the code declares: settings, metrics and problem types.</summary>
internal static class PrintedPages
{
    private static readonly string[] s_head = ["key", "default", "allowed", "what it is"];

    /// <summary>Writes each page into a folder, which is made where it is missing.</summary>
    public static async Task WriteAsync(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "settings.md"), Settings());
        await File.WriteAllTextAsync(Path.Combine(folder, "metrics.md"), await MetricsPage.PrintAsync());
        await File.WriteAllTextAsync(Path.Combine(folder, "problems.md"), Problems());
    }

    private static string Settings()
    {
        var page = new MarkdownPage(
            "Settings",
            """
            A setting stands in `appsettings.json`, in a file named by `--settings`, in a variable (`OUTAGE_Intake__MaxWaiting=5000`) or on the command
            line; later ones of this list win. ASP.NET's own variables (`Logging__…`, `Kestrel__…`, `ASPNETCORE_…`) and OpenTelemetry's (`OTEL_…`) work as in any
            other program. A list has numbered items (`OUTAGE_Proxies__Trusted__0`), and a later place replaces all of it. A key that
            does not exist, a wrong type or a value out of range stops the start with one line that says what is allowed.
            """);
        foreach (var group in Setting.AllOf(new AllSettings()).GroupBy(s => s.Key.Contains(':', StringComparison.Ordinal) ? s.Key.Split(':')[0] : "", StringComparer.Ordinal))
        {
            if (group.All(s => s.Description is null))
                page.Section(group.Key, "As ASP.NET has it.").Table(["key", "allowed"], group.Select(s => (string[])[Name(s), s.Allowed]));
            else
                page.Section(group.Key.Length == 0 ? "Without a group" : group.Key).Table(s_head, group.Select(Row));
        }
        return page.ToString();
    }

    private static string[] Row(Setting setting) => [Name(setting), Code(setting.Default), setting.Allowed, setting.Description ?? ""];

    private static string Problems() => new MarkdownPage(
            "Problem types",
            "Every error is `application/problem+json` (RFC 9457). Its `type` is an address of the server, `/problems/` and the name in this table, which shows the same.")
        .Table(["type", "status", "title", "what it means and how to mend it"], ProblemTypes.All.Select(p => (string[])[Code(p.Code), $"{p.Status}", p.Title, p.Explanation]))
        .ToString();

    private static string Name(Setting setting)
    {
        var shortcut = Array.Find(CommandLine.Shortcuts, s => s.Key == setting.Key).Option;
        return Code(setting.Key + (setting.IsList ? ":#" : "")) + (shortcut is null ? "" : $", `{shortcut}`");
    }

    private static string Code(string? text) => text is null ? "" : $"`{text}`";
}
