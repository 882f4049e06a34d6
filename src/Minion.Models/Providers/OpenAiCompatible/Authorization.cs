using System.ClientModel.Primitives;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Sends the key, or nothing where the endpoint asks for none.</summary>
internal sealed class Authorization(string? key) : AuthenticationPolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Authorize(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Authorize(message);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Authorize(PipelineMessage message)
    {
        if (key is not null)
        {
            message.Request.Headers.Set("Authorization", $"Bearer {key}");
        }
    }
}
