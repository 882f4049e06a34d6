using Minion.Models;
using Minion.Testing.Database;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A database with the schemas of orchestration, models and tools.</summary>
public sealed class EngineDatabase() : DatabaseFixture(OrchestrationExtensions.Migrations, ModelMigrations.Set, ToolsMigrations.Set);
