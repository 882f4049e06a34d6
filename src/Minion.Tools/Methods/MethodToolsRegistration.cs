using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Minion.Tools.Methods;

/// <summary>Registers C# methods as tools.</summary>
public static class MethodToolsRegistration
{
    /// <summary>
    /// Adds a delegate as a tool. Its parameters are the arguments, in snake case; one of the type <see cref="ToolCall"/>,
    /// <see cref="Contracts.Callers.Caller"/> or <see cref="CancellationToken"/> is not asked of the model. It returns a value, a task of one, or a
    /// <see cref="ToolOutcome"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="about">The tool's name, description and conditions.</param>
    /// <param name="method">What is done; called by many at once.</param>
    public static IServiceCollection AddTool(this IServiceCollection services, ToolAttribute about, Delegate method)
    {
        ArgumentNullException.ThrowIfNull(about);
        ArgumentNullException.ThrowIfNull(method);
        return services.AddSingleton<ITool>(new MethodTool(about, method.Method, () => method.Target));
    }

    /// <summary>Adds all public methods of a class that have a <see cref="ToolAttribute"/>. The class is made once, by the container.</summary>
    /// <param name="services">The services.</param>
    /// <exception cref="InvalidOperationException">It has no such method.</exception>
    public static IServiceCollection AddTools<T>(this IServiceCollection services)
        where T : class
    {
        var methods = typeof(T).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Select(method => (Method: method, About: method.GetCustomAttribute<ToolAttribute>()))
            .Where(pair => pair.About is not null)
            .ToList();
        if (methods.Count == 0)
        {
            throw new InvalidOperationException($"{typeof(T).Name} has no public method with the attribute [Tool].");
        }

        services.AddSingleton<T>();
        foreach (var (method, about) in methods)
        {
            services.AddSingleton<ITool>(provider => new MethodTool(about!, method, () => method.IsStatic ? null : provider.GetRequiredService<T>()));
        }

        return services;
    }
}
