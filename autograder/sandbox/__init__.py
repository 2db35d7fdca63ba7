"""The locked room in which student code runs. A folder says how far its code is trusted.

``outside`` is the grader's side of a room. ``protocol`` is what crosses the border. ``nursery``
runs in the zygote and in the guards, and builds rooms out of ``walls``. ``inside`` runs in the
student's process, so nobody believes it. ``examination`` attacks rooms of this machine.
"""
