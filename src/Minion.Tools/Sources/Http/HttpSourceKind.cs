using System.Text.Json;
using Minion.Tools.Network;

namespace Minion.Tools.Sources.Http;

/// <summary>HTTP APIs whose operations are written down by hand.</summary>
internal sealed class HttpSourceKind(AddressGuard guard, SecretReferences secrets) : IToolSourceKind
{
    public string Kind => "http";

    public IEnumerable<SourceProblem> Check(JsonElement settings)
    {
        var problems = new List<SourceProblem>();
        HttpSettings.Read(settings, problems);
        return problems;
    }

    public IToolSource Create(SourceDefinition definition)
    {
        var settings = HttpSettings.Read(definition.Settings, []);
        var host = HostPattern.Of(settings.Url!);

        // An administrator has named the host; nothing that it answers leads to another one.
        return new HttpSource(definition.Name, settings, new HttpService(settings.Service, guard.Permitting(host).OnlyTo(host), secrets.For(definition.Tenant)));
    }
}
