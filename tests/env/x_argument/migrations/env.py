from logging.config import fileConfig

from sqlalchemy import engine_from_config, pool

from alembic import context

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)

target_metadata = None
x = context.get_x_argument(as_dictionary=True)
tenant = x.get("tenant", "public")


def run_migrations_offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        literal_binds=True,
        version_table_schema=tenant,
    )
    with context.begin_transaction():
        context.execute(f"SET search_path TO {tenant}")
        context.run_migrations(tenant=tenant, number=3)
        context.static_output("-- done")


run_migrations_offline()
print("tenant", tenant, getattr(config.cmd_opts, "autogenerate", False), config.attributes.get("x"))
