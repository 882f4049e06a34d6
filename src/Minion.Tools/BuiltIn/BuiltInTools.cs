using Microsoft.Extensions.DependencyInjection;
using Minion.Tools.BuiltIn.Notes;

namespace Minion.Tools.BuiltIn;

/// <summary>The tools that every installation has.</summary>
internal static class BuiltInTools
{
    public static IServiceCollection AddBuiltInTools(this IServiceCollection services)
    {
        services.AddSingleton<NoteStore>();

        services.AddTool<CalculatorTool>();
        services.AddTool<TimeTool>();
        services.AddTool<HttpGetTool>();
        services.AddTool<NotesAddTool>();
        services.AddTool<NotesListTool>();
        return services;
    }
}
