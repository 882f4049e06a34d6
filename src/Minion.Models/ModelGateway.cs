using Microsoft.Extensions.AI;
using Minion.Models.Embeddings;
using Minion.Models.Pipeline;

namespace Minion.Models;

/// <summary>The only way to a model: gives chat clients and generators of embeddings whose every call goes through the gateway's pipeline.</summary>
public sealed class ModelGateway
{
    private readonly ModelOverride _override;
    private readonly ModelPipeline _pipeline;
    private readonly EmbeddingPipeline _embeddings;

    internal ModelGateway(ModelOverride modelOverride, ModelPipeline pipeline, EmbeddingPipeline embeddings)
    {
        _override = modelOverride;
        _pipeline = pipeline;
        _embeddings = embeddings;
    }

    /// <summary>The definition that calls to <paramref name="declared"/> really use: see <see cref="ModelOverride"/>.</summary>
    public ModelDefinition Resolve(ModelDefinition declared) => _override.Apply(declared);

    /// <summary>
    /// A client for the model. Cheap: make one for each call. It needs no disposal. Every failure is a <see cref="ModelException"/>,
    /// or an <see cref="OperationCanceledException"/> when the caller's token was cancelled. Tool calls carry the model's own text of
    /// their arguments (<see cref="ToolCallArguments"/>); each answer carries its token usage as a <see cref="UsageContent"/>.
    /// </summary>
    /// <exception cref="ModelException">The definition is wrong.</exception>
    public IChatClient GetChatClient(ModelDefinition definition, ModelCall call) => new GatewayChatClient(_pipeline, Checked(definition), call);

    /// <summary>
    /// A generator of embeddings with the model. Cheap: make one for each call. It needs no disposal. Texts are sent in batches of the size
    /// that the provider takes; vectors come in the order of the texts, with the tokens that they took. Failures are as those of a chat.
    /// </summary>
    /// <exception cref="ModelException">The definition is wrong.</exception>
    public IEmbeddingGenerator<string, Embedding<float>> GetEmbeddingGenerator(ModelDefinition definition, ModelCall call) =>
        new GatewayEmbeddingGenerator(_embeddings, Checked(definition), call);

    private ModelDefinition Checked(ModelDefinition definition)
    {
        var resolved = Resolve(definition);
        if (resolved.Validate() is { Count: > 0 } errors)
        {
            throw new ModelException(
                ModelErrorKind.InvalidRequest,
                $"The definition of the model '{resolved.Name}' is wrong. {string.Join(" ", errors.Select(e => $"{e.Path}: {e.Message}"))}",
                "Correct the model in its cluster file and apply it again.");
        }

        return resolved;
    }
}
