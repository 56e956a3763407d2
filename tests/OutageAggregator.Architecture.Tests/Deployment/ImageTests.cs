using System.Text.Json;
using System.Xml.Linq;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>The images: what goes in, who runs it, and how it is looked after.</summary>
public sealed class ImageTests
{
    private static readonly BuildContext s_context = new(SourceTree.Read(".dockerignore"));

    [Fact]
    public void What_is_copied_into_a_build_is_there_and_is_let_in()
    {
        Assert.NotEmpty(Deployed.Dockerfile.FromContext());
        foreach (var path in Deployed.Dockerfile.FromContext())
        {
            var full = Path.Combine(SourceTree.Root, path);
            Assert.True(File.Exists(full) || Directory.Exists(full), $"The Dockerfile copies {path}, which is not there.");
            var files = File.Exists(full) ? [path] : Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(SourceTree.Root, f));
            Assert.Contains(files, s_context.Holds);
        }
    }

    [Fact]
    public void What_the_projects_need_from_elsewhere_goes_into_the_build()
    {
        var copied = Deployed.Dockerfile.FromContext().ToList();
        foreach (var project in SourceTree.Projects().Where(p => p.StartsWith(Path.Combine(SourceTree.Root, "src"), StringComparison.Ordinal)))
        {
            var folder = Path.GetDirectoryName(project)!;
            foreach (var item in XDocument.Load(project).Descendants("ItemGroup").Elements().Select(e => e.Attribute("Include")?.Value).OfType<string>().Where(i => i.StartsWith("../", StringComparison.Ordinal)))
            {
                var path = Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(Path.Combine(folder, item)));
                Assert.True(copied.Exists(c => path == c || path.StartsWith(c + "/", StringComparison.Ordinal)) && s_context.Holds(path), $"{Path.GetFileName(project)} needs {path}, which no image is built with.");
            }
        }
    }

    [Theory]
    [InlineData(".git/config")]
    [InlineData(".env")]
    [InlineData("deploy/secrets/redis-auth.conf")]
    [InlineData("data/store/reporter.key")]
    [InlineData("src/OutageAggregator.Server/data/store/outages.db")]
    [InlineData("src/OutageAggregator.Core/obj/project.assets.json")]
    [InlineData("src/OutageAggregator.Core/bin/Debug/net10.0/OutageAggregator.Core.dll")]
    public void Secrets_data_and_what_was_built_elsewhere_stay_outside(string path) => Assert.False(s_context.Holds(path));

    [Fact]
    public void The_image_runs_what_its_project_builds()
    {
        var project = Deployed.Dockerfile.ProjectOf(Deployed.Image);
        Assert.True(File.Exists(Path.Combine(SourceTree.Root, project, $"{Path.GetFileName(project)}.csproj")), $"There is no project in {project}.");
        Assert.Equal(["dotnet", $"{Path.GetFileName(project)}.dll"], JsonSerializer.Deserialize<string[]>(Deployed.Dockerfile.Last(Deployed.Image, "ENTRYPOINT"))!);
    }

    [Fact]
    public void The_image_runs_without_rights_and_keeps_everything_in_its_volume()
    {
        Assert.Equal("$APP_UID", Deployed.Dockerfile.Last(Deployed.Image, "USER"));
        Assert.Equal(Deployed.Dockerfile.VariablesOf(Deployed.Image)["OUTAGE_Data"], Deployed.Dockerfile.Last(Deployed.Image, "VOLUME"));
        Assert.Contains(Deployed.Dockerfile.ImageOf(Deployed.Image), i => i.Name == "RUN" && i.Rest.Contains("--owner=$APP_UID", StringComparison.Ordinal) && i.Rest.EndsWith(' ' + Deployed.Dockerfile.Last(Deployed.Image, "VOLUME"), StringComparison.Ordinal));
        Assert.Equal("SIGTERM", Deployed.Dockerfile.Last(Deployed.Image, "STOPSIGNAL"));
    }

    [Fact]
    public void The_image_is_asked_for_its_health_where_it_listens()
    {
        var check = Deployed.Dockerfile.Last(Deployed.Image, "HEALTHCHECK");
        var command = JsonSerializer.Deserialize<string[]>(check[(check.IndexOf("CMD", StringComparison.Ordinal) + 3)..])!;

        Assert.Equal(["outage-health", "/healthz", Deployed.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)], command);
        Assert.Contains(Deployed.Dockerfile.ImageOf(Deployed.Image), i => i.Name == "COPY" && i.Rest.EndsWith($"deploy/health.sh /usr/local/bin/{command[0]}", StringComparison.Ordinal));
        Assert.Contains(Deployed.Dockerfile.ImageOf(Deployed.Image), i => i.Name == "EXPOSE" && i.Rest == command[2]);
        Assert.Contains("\"/healthz\"", SourceTree.Read("src/OutageAggregator.Web/Features/Health/HealthEndpoints.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_images_are_of_the_version_that_the_projects_are_for()
    {
        var version = Deployed.Dockerfile.Instructions.Single(i => i.Name == "ARG" && i.Rest.StartsWith("DOTNET=", StringComparison.Ordinal)).Rest["DOTNET=".Length..];

        Assert.Contains($"<TargetFramework>net{version}</TargetFramework>", SourceTree.Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains($"\"version\": \"{version}.", SourceTree.Read("global.json"), StringComparison.Ordinal);
        Assert.All(Deployed.Dockerfile.Instructions.Where(i => i.Name == "FROM" && i.Rest.Contains("mcr.", StringComparison.Ordinal)), i => Assert.Contains(":${DOTNET}", i.Rest, StringComparison.Ordinal));
    }
}
