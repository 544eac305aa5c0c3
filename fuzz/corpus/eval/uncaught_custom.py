class Irreversible(Exception):
    pass

def downgrade():
    raise Irreversible("no way back")

downgrade()
