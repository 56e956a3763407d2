using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("--dta x", "--dta is no option. Did you mean --data?")]
    [InlineData("--data", "--data")]
    [InlineData("--urls nonsense", "--urls is 'nonsense'. Allowed: http addresses")]
    [InlineData("--urls http://127.0.0.1:70000", "--urls is 'http://127.0.0.1:70000'. Allowed: http addresses")]
    [InlineData("--clock 2024-11-09@60", "--clock is '2024-11-09@60'. Allowed: INSTANT@SPEED")]
    [InlineData("--clock 2024-11-09T00:00:00Z@0", "Allowed: INSTANT@SPEED")]
    [InlineData("--trust-proxy 10.0.0.0", "--trust-proxy is '10.0.0.0'. Allowed: networks in CIDR form")]
    [InlineData("--public-url example.org", "--public-url is 'example.org'. Allowed: an http or https address, such as https://example.org or https://example.org/status,")]
    [InlineData("--public-url ftp://example.org", "--public-url is 'ftp://example.org'. Allowed: an http or https address")]
    [InlineData("--public-url https://example.org/?a=b", "--public-url is 'https://example.org/?a=b'. Allowed: an http or https address")]
    [InlineData("--public-url https://example.org/services", "Site:PublicUrl is 'https://example.org/services', and /services/{slug} is an address within the site. Allowed: another path.")]
    [InlineData("--public-url https://example.org/API/v1/", "Site:PublicUrl is 'https://example.org/API/v1', and /api/v1/")]
    [InlineData("--storage postgres", "--storage is 'postgres'. Allowed: sqlite, redis, memory.")]
    [InlineData("--storage redis --redis localhost:6379,asyncTimeout=5000", "--redis is '***'. Allowed: HOST:PORT, such as localhost:6379;")]
    [InlineData("--storage redis --redis :,password=secret", "--redis is '***'. Allowed: HOST:PORT, such as localhost:6379;")]
    [InlineData("--settings no-such-file.json", "no-such-file.json can't be read: there is no such file")]
    public async Task A_wrong_option_stops_the_start(string line, string says) => await StopsAsync(line.Split(' '), [], says);

    [Theory]
    [InlineData("OUTAGE_Intake__MaxWating", "5", "OUTAGE_Intake__MaxWating in the environment is no setting. Did you mean Intake:MaxWaiting?")]
    [InlineData("OUTAGE_Nonsense", "5", "OUTAGE_Nonsense in the environment is no setting. Allowed: Urls, Data,")]
    [InlineData("OUTAGE_Intake__MaxWaiting", "many", "OUTAGE_Intake__MaxWaiting in the environment is 'many'. Allowed: a whole number from 2 to 1000000.")]
    [InlineData("OUTAGE_Intake__MaxWaiting", "1", "OUTAGE_Intake__MaxWaiting in the environment is '1'. Allowed: a whole number from 2 to 1000000.")]
    [InlineData("OUTAGE_Demo", "maybe", "OUTAGE_Demo in the environment is 'maybe'. Allowed: true, false.")]
    [InlineData("OUTAGE_Storage", "sqlite", "OUTAGE_Storage in the environment is a group of settings, not a value. Allowed in it: Kind,")]
    [InlineData("OUTAGE_Site__PublicUrl", "", "OUTAGE_Site__PublicUrl in the environment is ''. Allowed: an http or https address")]
    [InlineData("OUTAGE_Site__PublicUrl", "https://example.org/a/../b", "OUTAGE_Site__PublicUrl in the environment is 'https://example.org/a/../b'. Allowed: an http or https address")]
    [InlineData("OUTAGE_Site__Url", "https://example.org", "OUTAGE_Site__Url in the environment is no setting. Allowed in Site: PublicUrl.")]
    [InlineData("OUTAGE_Watching__Detectors__0", "chatgpt oracle", "Allowed: lines of the form 'SERVICE DETECTOR'")]
    [InlineData("OUTAGE_Watching__Detectors__0", "nobody robust-z", "Watching:Detectors names 'nobody', which the catalog does not hold. Allowed: slugs of the catalog")]
    [InlineData("OUTAGE_Watching__Detector", "oracle", "Allowed: negative-binomial, ")]
    [InlineData("OUTAGE_Watching__Shadow", "oracle", "OUTAGE_Watching__Shadow in the environment is 'oracle'. Allowed: negative-binomial, robust-z, ears-c2, or nothing at all.")]
    [InlineData("OUTAGE_Catalog", "/no/such/catalog.json", "The catalog /no/such/catalog.json can't be read")]
    [InlineData("OUTAGE_Logging__LogLevel__Default", "Loud", "OUTAGE_Logging__LogLevel__Default in the environment is 'Loud'. Allowed: Trace,")]
    [InlineData("OUTAGE_Logging__LogLevel__Default", "7", "OUTAGE_Logging__LogLevel__Default in the environment is '7'. Allowed: Trace,")]
    [InlineData("OUTAGE_Logging__LogLevl__Default", "Warning", "OUTAGE_Logging__LogLevl__Default in the environment is no setting. Did you mean Logging:LogLevel:Default?")]
    [InlineData("OUTAGE_Logging", "Warning", "OUTAGE_Logging in the environment is a group of settings, not a value. Allowed in it: CaptureScopes, Console:FormatterName,")]
    [InlineData("OUTAGE_Logging__Console__FormaterName", "json", "OUTAGE_Logging__Console__FormaterName in the environment is no setting. Did you mean Logging:Console:FormatterName?")]
    [InlineData("OUTAGE_Logging__Console__FormatterName", "jsn", "OUTAGE_Logging__Console__FormatterName in the environment is 'jsn'. Allowed: simple, json, systemd.")]
    [InlineData("OUTAGE_Kestrel__Endpoints__Https__Ulr", "https://*:443", "OUTAGE_Kestrel__Endpoints__Https__Ulr in the environment is no setting. Did you mean Kestrel:Endpoints:Https:Url?")]
    [InlineData("OUTAGE_AllowedHosts__0", "example.org", "OUTAGE_AllowedHosts__0 in the environment is no setting.")]
    [InlineData("OUTAGE_AllowedHost", "example.org", "OUTAGE_AllowedHost in the environment is no setting. Did you mean AllowedHosts?")]
    [InlineData("OUTAGE_Kestrel__Limits__MaxConcurentConnections", "5", "OUTAGE_Kestrel__Limits__MaxConcurentConnections in the environment is no setting.")]
    public async Task A_wrong_variable_stops_the_start(string name, string value, string says) =>
        await StopsAsync([], new Dictionary<string, string> { [name] = value }, says);

    [Theory]
    [InlineData("""{ "Dta": "x" }""", "Dta in ", " is no setting. Did you mean Data?")]
    [InlineData("""{ "Intake": { "MaxWaiting": "x" } }""", "Intake:MaxWaiting in ", " is 'x'. Allowed: a whole number from 2 to 1000000.")]
    [InlineData("""{ "Intake": 5 }""", "Intake in ", " is a group of settings, not a value. Allowed in it: MaxWaiting, SpacingMilliseconds.")]
    [InlineData("""{ "Proxies": { "Trusted": ["10.0.0.0/8", "all"] } }""", "Proxies:Trusted:1 in ", " is 'all'. Allowed: networks in CIDR form")]
    [InlineData("""{ "Demo": true, "demo": false }""", "The settings file ", "duplicate key")]
    [InlineData("""{ "Demo": """, "The settings file ", "is not valid JSON")]
    public async Task A_wrong_line_of_a_settings_file_stops_the_start(string json, string says, string also)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("settings.json", json);
        await StopsAsync(["--settings", file], [], says, also);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("no-folder", "");
        await StopsAsync(["--data", file], [], $"Data is '{file}'", "can't be written", "Allowed: a folder that this user can write to.");
    }

    [Fact]
    public async Task A_data_folder_that_another_server_holds_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        await using var first = await RunningServer.StartAsync(folder.Path);
        await StopsAsync(["--data", folder.Path, "--urls", "http://127.0.0.1:0"], [], folder.Path, "another server is using");
    }

    [Fact]
    public async Task An_address_that_is_taken_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var first = await RunningServer.StartAsync(folder.Path);
        await StopsAsync(["--data", other.Path, "--urls", first.Address.ToString()], [], "address already in use", "Choose another address with --urls");
    }

    [Fact]
    public async Task Made_up_and_real_reports_are_never_mixed()
    {
        using var folder = new TemporaryFolder();
        _ = Directory.CreateDirectory(Path.Combine(folder.Path, "demo"));
        _ = folder.File("demo/outages.db", "somebody's");
        await StopsAsync(["--data", folder.Path, "--demo"], [], "holds files that no demo wrote");

        using var renamed = new TemporaryFolder();
        _ = Directory.CreateDirectory(Path.Combine(renamed.Path, "store"));
        _ = renamed.File("store/DEMO.txt", "made up");
        await StopsAsync(["--data", renamed.Path], [], "holds a demo's made-up reports");
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        var (code, output, errors) = await ProgramProcess.RunAsync("Server", ["--help"]);

        Assert.Equal((0, ""), (code, errors));
        foreach (var option in (string[])["--urls", "--data", "--demo", "--public-url", "--trust-proxy", "--clock", "--storage", "--settings"])
            Assert.Contains(option, output);
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment_and_that_over_files()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("settings.json", """{ "Data": "/proc/file", "Storage": { "Kind": "sqlite" } }""");
        await StopsAsync(
            ["--settings", file, "--data", "/proc/line"], new Dictionary<string, string> { ["OUTAGE_Data"] = "/proc/variable" }, "Data is '/proc/line'");
        await StopsAsync(
            ["--settings", file], new Dictionary<string, string> { ["OUTAGE_Data"] = "/proc/variable" }, "Data is '/proc/variable'");
        await StopsAsync(["--settings", file], [], "Data is '/proc/file'");
    }

    private static async Task StopsAsync(string[] arguments, Dictionary<string, string> environment, params string[] says)
    {
        var (code, _, errors) = await ProgramProcess.RunAsync("Server", arguments, environment);

        Assert.NotEqual(0, code);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
        foreach (var part in says)
            Assert.Contains(part, errors);
    }
}
