namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>The unit of systemd: what it starts, with which settings and which rights.</summary>
public sealed class SystemdUnitTests
{
    private static readonly ILookup<string, string> s_service = SourceTree.Read("deploy/outage-aggregator.service").Split('\n')
        .SkipWhile(l => l != "[Service]").TakeWhile(l => l != "[Install]").Where(l => l.Contains('=', StringComparison.Ordinal) && l[0] != '#')
        .ToLookup(l => l.Split('=')[0], l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    [Fact]
    public void Every_variable_is_a_setting_and_data_lies_where_the_service_may_write()
    {
        var variables = s_service["Environment"].ToDictionary(v => v.Split('=')[0], v => v[(v.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

        Assert.All(variables.Keys, Deployed.AssertIsSetting);
        Assert.Equal($"/var/lib/{Assert.Single(s_service["StateDirectory"])}", variables["OUTAGE_Data"]);
        Assert.Equal("strict", Assert.Single(s_service["ProtectSystem"]));
    }

    [Fact]
    public void It_starts_the_program_that_the_project_builds()
    {
        var words = Assert.Single(s_service["ExecStart"]).Split(' ');

        Assert.True(Directory.Exists(System.IO.Path.Combine(SourceTree.Root, "src", System.IO.Path.GetFileNameWithoutExtension(words[1]))));
        Assert.Contains("\"--settings\"", SourceTree.Read("src/OutageAggregator.Server/Settings/CommandLine.cs"), StringComparison.Ordinal);
        Assert.Equal("--settings", words[2]);
    }

    [Fact]
    public void It_is_given_the_time_to_answer_what_it_took() =>
        Assert.True(TimeSpan.FromSeconds(int.Parse(Assert.Single(s_service["TimeoutStopSec"]), System.Globalization.CultureInfo.InvariantCulture))
            >= Deployed.Time(Deployed.Compose.Services["embedded"].Text("stop_grace_period")));
}
