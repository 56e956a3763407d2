using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>The Kubernetes example, read with the types of Kubernetes' own client: a key that it does not know is an error.</summary>
public sealed class KubernetesTests
{
    private const string Path = "deploy/kubernetes/outage-aggregator.yaml";

    private static readonly List<object> s_all = KubernetesYaml.LoadAllFromString(SourceTree.Read(Path), strict: true);
    private static readonly V1StatefulSet s_set = Assert.Single(s_all.OfType<V1StatefulSet>());
    private static readonly V1PodSpec s_pod = s_set.Spec.Template.Spec;
    private static readonly V1Container s_node = Assert.Single(s_pod.Containers);

    [Fact]
    public void A_key_that_Kubernetes_does_not_know_is_found() => Assert.ThrowsAny<YamlException>(
        () => KubernetesYaml.LoadAllFromString(SourceTree.Read(Path).Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal), strict: true));

    [Fact]
    public void Every_variable_is_a_setting_and_the_storage_makes_it_a_node()
    {
        Assert.All(s_node.Env, v => Deployed.AssertIsSetting(v.Name));
        Assert.Equal("redis", Assert.Single(s_node.Env, v => v.Name == "OUTAGE_Storage__Kind").Value);
        // Or no node would be ready while Redis is away.
        Assert.Equal("true", Assert.Single(s_node.Env, v => v.Name == "OUTAGE_Spool__Enabled").Value);
        Assert.Equal("status.podIP", Assert.Single(s_node.Env, v => v.Name == "OUTAGE_Cluster__Address").ValueFrom.FieldRef.FieldPath);
        Assert.Equal(Deployed.Compose.Services["node1"].Text("image"), s_node.Image);
    }

    [Fact]
    public void Probes_ask_addresses_that_exist_at_the_port_that_the_image_listens_on()
    {
        var health = SourceTree.Read("src/OutageAggregator.Web/Features/Health/HealthEndpoints.cs");
        var ports = s_node.Ports.ToDictionary(p => p.Name, p => p.ContainerPort, StringComparer.Ordinal);

        Assert.Equal(Deployed.Port, ports["http"]);
        Assert.Equal(ports["silo"].ToString(CultureInfo.InvariantCulture), Assert.Single(s_node.Env, v => v.Name == "OUTAGE_Cluster__SiloPort").Value);
        Assert.Equal(["/healthz", "/healthz", "/readyz"], ((V1Probe[])[s_node.StartupProbe, s_node.LivenessProbe, s_node.ReadinessProbe]).Select(p => p.HttpGet.Path));
        Assert.All((V1Probe[])[s_node.StartupProbe, s_node.LivenessProbe, s_node.ReadinessProbe], p =>
        {
            Assert.Contains($"\"{p.HttpGet.Path}\"", health, StringComparison.Ordinal);
            Assert.Equal("http", p.HttpGet.Port.Value);
        });
    }

    [Fact]
    public void Secrets_and_data_are_where_the_settings_look_for_them()
    {
        var secrets = Assert.Single(s_node.VolumeMounts, m => m.Name == "secrets");

        Assert.Equal(secrets.MountPath, Assert.Single(s_node.Env, v => v.Name == "OUTAGE_Cluster__Secrets").Value);
        Assert.Equal(["--settings", $"{secrets.MountPath}/node-settings.json"], s_node.Args);
        Assert.True(secrets.ReadOnlyProperty);
        Assert.Equal("outage-aggregator", Assert.Single(s_pod.Volumes, v => v.Name == "secrets").Secret.SecretName);
        Assert.Equal(Deployed.Dockerfile.Last(Deployed.Image, "VOLUME"), Assert.Single(s_node.VolumeMounts, m => m.Name == Assert.Single(s_set.Spec.VolumeClaimTemplates).Metadata.Name).MountPath);
        Assert.All(s_node.VolumeMounts, m => Assert.True(
            s_pod.Volumes.Any(v => v.Name == m.Name) || s_set.Spec.VolumeClaimTemplates.Any(c => c.Metadata.Name == m.Name), $"There is no volume {m.Name}."));
    }

    [Fact]
    public void Everything_selects_the_nodes_and_one_of_them_at_a_time_is_taken_away()
    {
        var services = s_all.OfType<V1Service>().ToDictionary(s => s.Metadata.Name, StringComparer.Ordinal);
        var budget = Assert.Single(s_all.OfType<V1PodDisruptionBudget>());
        var policy = Assert.Single(s_all.OfType<V1NetworkPolicy>());
        var nodes = s_set.Spec.Template.Metadata.Labels;

        Assert.All(
            services.Values.Select(s => s.Spec.Selector).Append(budget.Spec.Selector.MatchLabels).Append(policy.Spec.PodSelector.MatchLabels).Append(s_set.Spec.Selector.MatchLabels),
            s => Assert.Equal(nodes, s));
        Assert.Equal("None", services[s_set.Spec.ServiceName].Spec.ClusterIP);
        Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        Assert.True(s_set.Spec.Replicas > 2);
    }

    [Fact]
    public void Nothing_has_rights_it_does_not_need_and_what_was_taken_is_answered_before_the_end()
    {
        Assert.True(s_pod.SecurityContext.RunAsNonRoot);
        Assert.False(s_pod.AutomountServiceAccountToken);
        Assert.False(s_node.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(s_node.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], s_node.SecurityContext.Capabilities.Drop);
        Assert.True(TimeSpan.FromSeconds(s_pod.TerminationGracePeriodSeconds ?? 0) >= Deployed.Time(Deployed.Compose.Services["embedded"].Text("stop_grace_period")));
    }
}
