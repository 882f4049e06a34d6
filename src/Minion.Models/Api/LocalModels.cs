using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Models.V1;
using Minion.Models.Providers.Ollama;

namespace Minion.Models.Api;

/// <summary>What Ollama says, as the API writes it.</summary>
internal static class LocalModels
{
    public static Contracts.Models.V1.LocalModel ToWire(Providers.Ollama.LocalModel model) => new()
    {
        Name = model.Name,
        Size = model.Size,
        Digest = model.Digest,
        ModifiedAt = model.ModifiedAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        Family = model.Family,
        ParameterSize = model.ParameterSize,
        Quantization = model.Quantization,
    };

    public static PullModelResponse ToWire(PullProgress progress) => new()
    {
        Status = progress.Status,
        Digest = progress.Digest,
        Total = progress.Total,
        Completed = progress.Completed,
        Done = progress.Done,
    };
}
