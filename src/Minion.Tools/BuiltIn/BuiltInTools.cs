using Microsoft.Extensions.DependencyInjection;
using Minion.Tools.BuiltIn.Files;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.BuiltIn.Notes;

namespace Minion.Tools.BuiltIn;

/// <summary>The tools that every installation has.</summary>
internal static class BuiltInTools
{
    public static IServiceCollection AddBuiltInTools(this IServiceCollection services)
    {
        services.AddSingleton<NoteStore>();
        services.AddOptions<HttpFetchOptions>().BindConfiguration(HttpFetchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FileToolOptions>().BindConfiguration(FileToolOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Workspaces>();
        services.AddHostedService<WorkspaceSweeper>();

        services.AddTool<CalculatorTool>();
        services.AddTool<TimeTool>();
        services.AddTool<TextTool>();
        services.AddTool<JsonQueryTool>();
        services.AddTool<HttpFetchTool>();
        services.AddTool<HttpGetTool>();
        services.AddTool<NotesAddTool>();
        services.AddTool<NotesListTool>();
        services.AddTool<FileReadTool>();
        services.AddTool<FileWriteTool>();
        services.AddTool<FileEditTool>();
        services.AddTool<FileListTool>();
        services.AddTool<FileSearchTool>();
        return services;
    }
}
