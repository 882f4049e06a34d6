using Microsoft.Extensions.DependencyInjection;
using Minion.Edge.OpenAi.Chat;
using Minion.Edge.OpenAi.Embeddings;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Json;
using Minion.Edge.OpenAi.Models;
using Minion.Edge.OpenAi.Responses;
using Minion.ServiceDefaults.Faults;

namespace Minion.Edge.OpenAi;

internal static class OpenAiServices
{
    public static IServiceCollection AddOpenAi(this IServiceCollection services)
    {
        services.AddSingleton<IFaultForm, OpenAiFaultForm>();
        services.AddSingleton<Failures>();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<DeclaredModels>();
        services.AddSingleton<ModelDirectory>();
        services.AddSingleton<ChatEndpoint>();
        services.AddSingleton<ResponsesEndpoint>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        return services;
    }
}
