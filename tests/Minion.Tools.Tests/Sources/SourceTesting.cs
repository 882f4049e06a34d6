using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;

namespace Minion.Tools.Tests.Sources;

/// <summary>Makes sources as the registry would.</summary>
internal static class SourceTesting
{
    public static SourceDefinition Definition(this IToolSourceKind kind, string name, string settings, string tenant = Caller.DefaultTenant) =>
        new(tenant, name, kind.Kind, JsonElement.Parse(settings));

    public static IToolSource Create(
        this IToolSourceKind kind, string name, string settings, string tenant = Caller.DefaultTenant, SecretReferences? secrets = null)
    {
        var definition = kind.Definition(name, settings, tenant);
        kind.Check(definition.Settings, tenant).ShouldBeEmpty();
        var source = kind.Create(definition);
        return new CleanedSource(
            source, new SentSecrets(definition.Settings, (secrets ?? new SecretReferences(_ => null)).For(tenant), () => (source as ISecretSender)?.SentSecrets ?? []));
    }

    public static string[] Problems(this IToolSourceKind kind, string settings) =>
        [.. kind.Check(JsonElement.Parse(settings)).Select(problem => $"{problem.Path} {problem.Problem}")];

    public static async Task<ITool> ToolAsync(this IToolSource source, string name) =>
        (await source.ListAsync(TestContext.Current.CancellationToken)).Single(tool => tool.Description.Name == name);
}
