using System.Text.Json;
using Minion.Tools.Network;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>HTTP APIs with an OpenAPI 3.x description: operations become tools.</summary>
internal sealed class OpenApiSourceKind(AddressGuard guard, SecretReferences secrets, SourceFiles files, TimeProvider time) : IToolSourceKind
{
    public string Kind => "openapi";

    public IEnumerable<SourceProblem> Check(JsonElement settings)
    {
        var problems = new List<SourceProblem>();
        var read = OpenApiSettings.Read(settings, problems);
        if (problems.Count == 0 && read.Document.Length > 0)
        {
            try
            {
                OpenApiContent.Read(read.Document, read, from: null);
            }
            catch (ToolSourceException exception)
            {
                problems.Add(new SourceProblem("/document", $"cannot be used. {exception.Message}"));
            }
        }

        return problems;
    }

    public IToolSource Create(SourceDefinition definition)
    {
        var settings = OpenApiSettings.Read(definition.Settings, []);
        return new OpenApiSource(definition.Name, settings, new OpenApiFetching(guard, files), guard, secrets.For(definition.Tenant), time);
    }
}
