using System.Globalization;
using System.Text.Json;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>Reads what <c>GET /api/tags</c> answers.</summary>
internal static class OllamaTags
{
    public static IReadOnlyList<LocalModel> Read(Endpoint endpoint, JsonElement json) =>
        json.Member("models") is { ValueKind: JsonValueKind.Array } models
            ? [.. models.EnumerateArray().Select(model => ReadModel(endpoint, model))]
            : throw endpoint.Invalid("has no list of models");

    private static LocalModel ReadModel(Endpoint endpoint, JsonElement json)
    {
        var details = json.Member("details") ?? default;
        return new LocalModel(
            json.Text("name") ?? json.Text("model") ?? throw endpoint.Invalid("has a model without a name"),
            json.Count("size") ?? 0,
            json.Text("digest") ?? "",
            DateTimeOffset.TryParse(json.Text("modified_at"), CultureInfo.InvariantCulture, out var at) ? at : null,
            details.Text("family") ?? "",
            details.Text("parameter_size") ?? "",
            details.Text("quantization_level") ?? "");
    }
}
