using Microsoft.Extensions.DependencyInjection;
using Minion.Orchestration.Messages.Tools;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.EngineTools;

namespace Minion.Orchestration.Messages;

/// <summary>What messages are made of.</summary>
internal static class MessageServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddOptions<MessageOptions>().BindConfiguration(MessageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Receivers>();
        services.AddSingleton<SendStore>();
        services.AddSingleton<Messenger>();
        services.AddSingleton<Mailboxes>();
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<DeadLetterStore>();
        services.AddSingleton<IEffectTool, SendMessageTool>();
        services.AddSingleton<IEffectTool, ReceiveMessagesTool>();
        services.AddSingleton<UnattendedStart>();
        services.AddSingleton<MessageWakeUps>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageWakeUps>());
        services.AddSingleton<MessageStarter>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageStarter>());
        services.AddSingleton<MessageSweep>();
        services.AddHostedService<MessageSweeper>();
        return services;
    }
}
